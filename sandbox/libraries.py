"""Loaded once per worker, so that submissions find the usual modules warm."""
import os

# Without their fork handlers the modules below cost less in every child, and random keeps its fixed state.
register_at_fork = os.register_at_fork
os.register_at_fork = lambda **_: None

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
