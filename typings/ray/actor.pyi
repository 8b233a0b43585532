from ray import ObjectRef

class ActorMethod:
    def remote(self, *arguments: object) -> ObjectRef: ...

class ActorHandle:
    def __getattr__(self, name: str) -> ActorMethod: ...

class ActorClass:
    def remote(self, *arguments: object) -> ActorHandle: ...
