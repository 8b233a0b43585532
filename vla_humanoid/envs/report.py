"""What every environment reports of its controller, in the words of `info`."""

from vla_humanoid.control.balance_state import BalanceState
from vla_humanoid.control.controllers import SafetyReport
from vla_humanoid.schema import FloatArray


def balance_report(balance: BalanceState) -> dict[str, FloatArray | float]:
    """Return ``info["balance"]``, in [m], world frame."""
    return {
        "zmp": balance.zmp,
        "zmp_dynamics": balance.zmp_dynamics,
        "com": balance.com,
        "dcm": balance.dcm,
        "support_margin": balance.support_margin,
        "support_polygon": balance.support_outline,
    }


def safety_report(safety: SafetyReport) -> dict[str, dict[str, int] | dict[str, str] | str]:
    """Return ``info["safety"]``: what was done otherwise than asked, counted and explained."""
    return {
        "interventions": dict(safety.interventions.counts),
        "explanations": dict(safety.interventions.latest),
        "fallback": safety.fallback.name.lower(),
        "fallback_reason": safety.fallback_reason,
        "sit_phase": "" if safety.sit_phase is None else safety.sit_phase.value,
    }
