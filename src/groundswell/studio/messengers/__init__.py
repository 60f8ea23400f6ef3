"""The messengers desk: who carries the link, with which words, and what came of it."""
