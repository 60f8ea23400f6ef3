"""`benchmarks.desk` on PostgreSQL: takes ten minutes of its own, so only when it is named."""

from benchmarks import desk

if __name__ == "__main__":
    desk.main(10_000_000, "postgresql")
