"""How good the mapping is: public benchmarks, metrics, baselines."""

from skillmatch.evaluation.run import run_task

__all__ = ["run_task"]
