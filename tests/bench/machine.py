"""What a run was measured on: figures mean little without it."""

import os
import platform
import subprocess
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median

import psutil

from services.embedded import checks
from services.shared.events import Frozen

LIBRARIES = (
    "temporalio",
    "fastapi",
    "uvicorn",
    "pydantic",
    "sqlalchemy",
    "aiosqlite",
    "aiosmtplib",
)

PROBES = 100


class Machine(Frozen):
    """The machine, its load before the run, and the versions of what was measured."""

    system: str
    cores: int
    memory_gb: float
    load: float
    """Processes that wanted a core in the minute before the run. What others do here slows all
    that is measured: only ratios within one run stand."""
    fsync_ms: float
    """The median time to write 4 KB to the benchmark's folder for good."""
    python: str
    temporal: str
    libraries: dict[str, str]


def machine(folder: Path) -> Machine:
    """Looks at this machine; `folder` is where the benchmark keeps its databases."""
    return Machine(
        system=platform.platform(),
        cores=os.cpu_count() or 0,
        memory_gb=round(psutil.virtual_memory().total / 1024**3, 1),
        load=psutil.getloadavg()[0],
        fsync_ms=_fsync_ms(folder / "fsync-probe"),
        python=platform.python_version(),
        temporal=_temporal(),
        libraries={name: version(name) for name in LIBRARIES},
    )


def _fsync_ms(file: Path) -> float:
    taken: list[float] = []
    with file.open("wb", buffering=0) as probe:
        for _ in range(PROBES):
            probe.write(bytes(4096))
            began = time.perf_counter()
            os.fsync(probe.fileno())
            taken.append(time.perf_counter() - began)
    file.unlink()
    return round(median(taken) * 1000, 2)


def _temporal() -> str:
    told = subprocess.run(
        [checks.temporal(), "--version"], capture_output=True, text=True, check=True
    )
    return told.stdout.strip()
