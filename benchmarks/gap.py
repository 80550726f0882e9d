"""Time and memory of one analysis with the full ESCO: `python benchmarks/gap.py`, on an otherwise idle machine.

20 roles, 250 people, 8 needs, 100 held skills, nothing of it a real company's. Writes benchmarks/results/gap.json.
The load of the machine is recorded: on a busy one wall seconds say little, and CPU seconds are what compares.
"""

import json
import os
import platform
import resource
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

from skillmatch.company.model import Company, Held, Need, Person, Role
from skillmatch.flow import sample_company
from skillmatch.gap.gap import analyse
from skillmatch.gap.knowledge import Knowledge
from skillmatch.gap.risk import view_risks
from skillmatch.taxonomy.esco import read_esco

ROOT = Path(__file__).parents[1]
ESCO = ROOT.parent / "shared" / "data" / "esco" / "v1.1.1"
BUNDLES = [ESCO / f"ESCO dataset - v1.1.1 - classification - {part}csv.zip" for part in ("en - ", " - ")]
RESULTS = ROOT / "benchmarks" / "results" / "gap.json"
ROUNDS = 7
MORE_ROLES = ("Laboratory technician", "Painter", "Electrician", "Marketing assistant", "Environmental manager",
              "Forklift driver")  # fmt: skip
MORE_NEEDS = ("Machines should tell us before they break down", "drones for inspections",
              "Everybody should handle phishing mails safely", "Plan deliveries so that vans drive less",
              "sort our waste and reuse packaging")  # fmt: skip
SKILLS = ("welding", "energy efficiency", "use spreadsheets software", "sensors")


def big_company() -> Company:
    """Return the sample company, grown to 20 roles, 250 people and 8 needs."""
    sample = sample_company()
    titles = [*((role.title, role.description) for role in sample.roles), *((title, "") for title in MORE_ROLES)]
    roles = tuple(
        Role(id=f"r{place}", title=title, people=12 if place else 22, description=description)
        for place, (title, description) in enumerate(titles)
    )
    needs = (*sample.needs, *(Need(id=f"more-{place}", text=text) for place, text in enumerate(MORE_NEEDS)))
    people = tuple(Person(id=f"P-{place}", role=f"r{place % len(roles)}") for place in range(100))
    held = tuple(
        Held(person=person.id, skill=SKILLS[place % len(SKILLS)], level=1 + place % 3)
        for place, person in enumerate(people)
    )
    return sample.model_copy(update={"roles": roles, "needs": needs, "people": people, "held": held})


def main() -> None:
    knowledge = Knowledge.load(taxonomy=read_esco(BUNDLES))
    company = big_company()
    begun = time.perf_counter()
    analysis = analyse(company, knowledge)
    first = time.perf_counter() - begun
    wall, cpu = [], []
    for _ in range(ROUNDS):
        begun, used = time.perf_counter(), time.process_time()
        analyse(company, knowledge)
        wall.append(time.perf_counter() - begun)
        cpu.append(time.process_time() - used)
    begun = time.process_time()
    view_risks(company, analysis, knowledge)
    risks = time.process_time() - begun
    content = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "threads": os.environ.get("OMP_NUM_THREADS", "all"),
        "load_average": round(os.getloadavg()[0], 1),
        "encoder": knowledge.encoder.name,
        "size": {
            "roles": len(company.roles),
            "people": sum(role.people for role in company.roles),
            "needs": len(company.needs),
            "requirements": len(analysis.requirements),
            "skills": len(knowledge.taxonomy.skills),
        },
        "analyse_wall_seconds": {"median": round(statistics.median(wall), 3), "best": round(min(wall), 3)},
        "analyse_cpu_seconds": {"median": round(statistics.median(cpu), 3), "best": round(min(cpu), 3)},
        "first_analysis_wall_seconds": round(first, 2),
        "risk_view_cpu_seconds": round(risks, 3),
        "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    print(json.dumps(content, indent=1))


if __name__ == "__main__":
    main()
