"""Loaded once per worker, so that submissions find the usual modules warm."""
import os

# Without their fork handlers the modules below cost less in every child, and random keeps its fixed state.
register_at_fork = os.register_at_fork
os.register_at_fork = lambda **_: None

import _sitebuiltins
import abc
import array
import bisect
import builtins
import cmath
import collections
import collections.abc
import copy
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import gc
import heapq
import importlib.machinery
import io
import itertools
import json
import linecache
import math
import numbers
import operator
import random
import re
import statistics
import string
import sys
import threading
import time
import traceback
import types
import typing

os.register_at_fork = register_at_fork
random.seed(20230602)
statistics.mean([1, 2])
json.loads(json.dumps([1]))
re.compile(r"\d+\s*")

# What the site module, which is left out, adds to the built-in names.
builtins.exit = _sitebuiltins.Quitter("exit", "Ctrl-D (i.e. EOF)")
builtins.quit = _sitebuiltins.Quitter("quit", "Ctrl-D (i.e. EOF)")
builtins.copyright = _sitebuiltins._Printer("copyright", sys.copyright)
builtins.credits = _sitebuiltins._Printer("credits", "See www.python.org for more information.")
builtins.license = _sitebuiltins._Printer("license", "See https://www.python.org/psf/license/")
builtins.help = _sitebuiltins._Helper()


class _PipeEnd:
    """One end of a pipe with the methods of a socket that an event loop wakes itself by. Sockets there are none."""

    def __init__(self, descriptor):
        self._descriptor = descriptor

    def fileno(self):
        return self._descriptor

    def recv(self, size):
        return os.read(self._descriptor, size)

    def send(self, data):
        return os.write(self._descriptor, data)

    def close(self):
        os.close(self._descriptor)


class _WithoutSockets:
    """Finds asyncio.selector_events as usual, and gives its event loops a pipe in place of a pair of sockets."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name != "asyncio.selector_events":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        run = spec.loader.exec_module

        def exec_module(module):
            run(module)
            module.BaseSelectorEventLoop._make_self_pipe = cls._make_self_pipe

        spec.loader.exec_module = exec_module
        return spec

    @staticmethod
    def _make_self_pipe(loop):
        loop._ssock, loop._csock = map(_PipeEnd, os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC))
        loop._internal_fds += 1
        loop._add_reader(loop._ssock.fileno(), loop._read_from_self)


sys.meta_path.insert(0, _WithoutSockets)
