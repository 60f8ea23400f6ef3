# Groundswell's few commands. Each makes the environment (.venv) first, if it must.
# Nothing here needs a terminal, standard input or a name in git.

PYTHON = .venv/bin/python

.PHONY: help demo test check fix bench torture lock env pictures

help:
	@echo "make demo      start everything here with an invented campaign, and say where it is"
	@echo "make test      all tests: units, both databases, journeys in a real browser"
	@echo "make check     style, types, import contracts, size budget, documents"
	@echo "make fix       put right what a machine can"
	@echo "make bench     measure against the budgets"
	@echo "make torture   break everything that can break, at length (ARGS=\"T1 T4\", --scale 0.01)"
	@echo "make lock      renew the locked requirements (ARGS=--upgrade for newest versions)"
	@echo "make env       only make the environment"
	@echo "make pictures  take the README's screenshots again"

demo:
	@scripts/environment run
	@exec .venv/bin/groundswell demo

test:
	@scripts/environment dev
	@scripts/packages caddy chromium curl dovecot-imapd fonts-noto-cjk fonts-noto-core libfaketime nginx-light openssl postgresql rsync strace
	@exec $(PYTHON) -m tests.support.everything $(ARGS)

check:
	@scripts/environment dev
	@exec scripts/check

fix:
	@scripts/environment dev
	@.venv/bin/ruff check --quiet --fix
	@.venv/bin/ruff format --quiet
	@$(PYTHON) -m groundswell docs

bench:
	@scripts/environment dev
	@scripts/packages wrk nginx-light postgresql
	@exec $(PYTHON) -m benchmarks $(ARGS)

torture:
	@scripts/environment dev
	@scripts/packages libfaketime postgresql strace
	@exec $(PYTHON) -u -m tests.faults.torture $(ARGS)

lock:
	@exec scripts/lock $(ARGS)

env:
	@scripts/environment dev

pictures:
	@scripts/environment dev
	@scripts/packages chromium fonts-noto-core
	@exec $(PYTHON) -m tests.support.pictures
