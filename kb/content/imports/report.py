"""What an import mended and what it left out, file by file."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Report:
    """Counts of what was done, by file and in all; `left_out` are files that gave no article,
    `numbers` the article that each file became, for leading old addresses on."""

    read: int = 0
    written: int = 0
    articles: int = 0
    mended: dict[str, Counter[str]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def note(self, path: str, what: str, times: int = 1) -> None:
        """Count something that was mended in a file."""
        if times:
            self.mended.setdefault(path, Counter())[what] += times

    def leave_out(self, path: str, why: str) -> None:
        """Say why a file gave no article."""
        self.left_out[path] = why

    def totals(self) -> list[tuple[str, int, int]]:
        """Return (what, how often, in how many files), the most frequent first."""
        times: Counter[str] = Counter()
        files: Counter[str] = Counter()
        for counts in self.mended.values():
            times.update(counts)
            files.update(counts.keys())
        return [(what, times[what], files[what]) for what, _ in times.most_common()]

    def as_data(self) -> dict[str, object]:
        """Return everything as plain data, for JSON."""
        return {
            "read": self.read,
            "written": self.written,
            "articles": self.articles,
            "mended": {path: dict(counts) for path, counts in sorted(self.mended.items())},
            "left_out": dict(sorted(self.left_out.items())),
            "numbers": dict(sorted(self.numbers.items())),
            "totals": {what: {"times": t, "files": f} for what, t, f in self.totals()},
        }
