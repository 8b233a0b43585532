import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vla_humanoid.tasks import load_task
from vla_humanoid.tasks.core.randomization import DEFAULT_AXES, EpisodeRandom
from vla_humanoid.tasks.language.scene_grammar import SceneGrammar
from vla_humanoid.tasks.language.things import container_phrases, object_phrases

SENTENCES = SceneGrammar(
    ("hold {object} over {container}", "over {container_it}: {object}, please"),
    {
        "object": object_phrases,
        "container": container_phrases,
        "container.it": container_phrases,
    },
)


@given(st.integers(0, 200))
def test_every_sentence_about_a_scene_means_what_it_was_made_for(seed: int) -> None:
    scene = load_task("PickPlace").sample_scene(EpisodeRandom(seed, DEFAULT_AXES))
    for thing in scene.objects:
        for box in scene.containers:
            meaning = {"object": thing.name, "container": box.name}
            for sentence in SENTENCES.grammar(scene).sentences(meaning):
                assert SENTENCES.parse(sentence, scene) == meaning
            chosen = SENTENCES.instruct(meaning, scene, np.random.default_rng(seed))
            assert SENTENCES.parse(chosen.text, scene) == meaning
