"""core in a process of its own, for test_core_process.

Only the drain's tables are there: loops that need Wagtail's fail, which must trouble no other.
"""

import django

django.setup()

from groundswell import core  # noqa: E402  after the set-up
from groundswell.base import env  # noqa: E402

if __name__ == "__main__":
    print("running", flush=True)
    core.run(env.load())
