"""From an organiser's change to the public door: `python -m benchmarks.publish [PAGES]`.

A real intake serves what `publish_page` writes; the change is seen when the door says it. First
with one campaign, then with a site of many pages.
"""

import sys

from benchmarks import child

if __name__ == "__main__":
    child.run(
        "publish_child",
        int(sys.argv[1]) if len(sys.argv) > 1 else 200,
        database="sqlite",
        languages="en ar",
    )
