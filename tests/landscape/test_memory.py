"""Free memory as the kernel tells it: of the machine, of a control group of either version, or unknown."""

from pathlib import Path

import pytest

from landscape.memory import memory

KIB, GIB = 1024, 2**30
MACHINE = {"/proc/meminfo": ["MemTotal: 9000 kB", "MemFree: 10 kB", "MemAvailable:    5000 kB"]}
GROUP = {
    "/proc/self/cgroup": ["0::/user/job"],
    "/sys/fs/cgroup/user/job/memory.max": ["4000000"],
    "/sys/fs/cgroup/user/job/memory.current": ["3000000"],
    "/sys/fs/cgroup/user/job/memory.stat": ["anon 1", "active_file 70", "inactive_file 500000", "shmem 9"],
}
LEGACY = {
    "/proc/self/cgroup": ["5:cpu:/other", "3:memory:/job", "1:name=systemd:/"],
    "/sys/fs/cgroup/memory/job/memory.limit_in_bytes": ["2000000"],
    "/sys/fs/cgroup/memory/job/memory.usage_in_bytes": ["1500000"],
}
ABOVE = {  # inside a container its own group is the root
    "/proc/self/cgroup": ["0::/not/seen/here"],
    "/sys/fs/cgroup/memory.max": ["900000"],
    "/sys/fs/cgroup/memory.current": ["200000"],
}


@pytest.mark.parametrize(
    ("files", "free"),
    [
        (MACHINE, 5000 * KIB),
        ({**MACHINE, **GROUP}, 1_500_000),  # limit - use + file cache that can be dropped
        ({**MACHINE, **GROUP, "/sys/fs/cgroup/user/job/memory.max": ["max"]}, 5000 * KIB),
        ({**MACHINE, **GROUP, "/sys/fs/cgroup/user/job/memory.max": [str(9 * GIB)]}, 5000 * KIB),
        ({**MACHINE, **GROUP, "/sys/fs/cgroup/user/job/memory.current": ["5000000"]}, 0),
        (GROUP, 1_500_000),
        ({**ABOVE, **GROUP}, 1_500_000),  # its own limit, not that of the root
        ({**MACHINE, **LEGACY}, 500_000),
        ({**MACHINE, **ABOVE}, 700_000),
        ({**MACHINE, "/proc/self/cgroup": ["3:cpu:/job"]}, 5000 * KIB),
        ({}, None),
    ],
)
def test_what_is_free(files: dict[str, list[str]], free: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    def lines(path: Path) -> list[str]:
        return files.get(str(path), [])

    monkeypatch.setattr("landscape.memory._lines", lines)
    assert memory() == free


def test_a_file_that_is_not_there_has_no_lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from landscape.memory import _lines

    assert _lines(tmp_path / "none") == []
    (tmp_path / "some").write_text("a 1\nb 2\n")
    assert _lines(tmp_path / "some") == ["a 1", "b 2"]
