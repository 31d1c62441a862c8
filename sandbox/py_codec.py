"""Plain Python values as bytes. The host reads the same form; nothing here can run code when it reads.

One tag byte, then: N T F (no more), i (8-byte integer), I (length, big integer), d (8-byte float), c (two floats),
s (length, UTF-8), b (length, bytes), l t S Z q (count, items: list, tuple, set, frozenset, deque), D (count, key and
value in turn), r (three integers: range), y (length, name: a built-in type), k (length, name, tuple: what a class of the library
is made of), o (number of a handle, length, type name). Little-endian, lengths 4 bytes.
"""
import collections
import datetime
import decimal
import fractions
import struct
import sys

MAX_DEPTH = 200
MAX_NODES = 1_000_000
MAX_BYTES = 64 << 20
MUTABLE = (list, dict, set, bytearray, collections.deque, collections.OrderedDict, collections.Counter, collections.defaultdict)

_pack_int = struct.Struct("<cq").pack
_pack_float = struct.Struct("<cd").pack
_pack_complex = struct.Struct("<cdd").pack
_pack_size = struct.Struct("<cI").pack
_size = struct.Struct("<I").unpack_from
_int = struct.Struct("<q").unpack_from
_float = struct.Struct("<d").unpack_from
_complex = struct.Struct("<dd").unpack_from
_ITEMS = ((list, b"l"), (tuple, b"t"), (set, b"S"), (frozenset, b"Z"), (collections.deque, b"q"), (type({}.keys()), b"S"))


TYPES = {kind.__name__: kind for kind in (
    object, type, bool, int, float, complex, str, bytes, list, tuple, set, frozenset, dict, range, type(None))}


class TooLarge(Exception):
    """The value is nested too deeply or too big to hand over."""


class Handle:
    """A value that only its own process can look into, by number."""

    __slots__ = ("number", "type_name")

    def __init__(self, number, type_name):
        self.number = number
        self.type_name = type_name


def encode(value, handle_of):
    """The bytes of a value; handle_of(object) gives a Handle for whatever is not plain."""
    out = []
    state = [0, 0]
    _put(out, value, 0, state, handle_of)
    return b"".join(out)


def _put(out, value, depth, state, handle_of):
    kind = type(value)
    if kind is int:
        if -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF:
            out.append(_pack_int(b"i", value))
        else:
            size = value.bit_length() // 8 + 1
            _count(state, 1, size)
            out.append(_pack_size(b"I", size) + value.to_bytes(size, "little", signed=True))
    elif kind is str:
        data = value.encode("utf-8", "surrogatepass")
        _count(state, 1, len(data))
        out.append(_pack_size(b"s", len(data)) + data)
    elif kind is bool:
        out.append(b"T" if value else b"F")
    elif value is None:
        out.append(b"N")
    elif kind is float:
        out.append(_pack_float(b"d", value))
    elif kind is list or kind is tuple:
        _open(out, b"l" if kind is list else b"t", len(value), depth, state)
        for item in value:
            _put(out, item, depth + 1, state, handle_of)
    elif kind is dict:
        _put_dict(out, value, depth, state, handle_of)
    elif kind is Handle:
        _put_handle(out, value)
    else:
        _put_other(out, value, kind, depth, state, handle_of)


def _put_other(out, value, kind, depth, state, handle_of):
    """Subclasses count as what they are made of; their own methods are never asked."""
    if kind is complex:
        out.append(_pack_complex(b"c", value.real, value.imag))
    elif kind is range:
        out.append(b"r")
        for part in (value.start, value.stop, value.step):
            _put(out, part, depth + 1, state, handle_of)
    elif kind is type and TYPES.get(value.__name__) is value:
        out.append(_pack_size(b"y", len(value.__name__)) + value.__name__.encode())
    elif issubclass(kind, int):
        _put(out, int.__add__(value, 0), depth, state, handle_of)
    elif issubclass(kind, float):
        _put(out, float.__pos__(value), depth, state, handle_of)
    elif issubclass(kind, str):
        _put(out, str.__str__(value), depth, state, handle_of)
    elif issubclass(kind, bytes):
        data = bytes.__getitem__(value, slice(None))
        _count(state, 1, len(data))
        out.append(_pack_size(b"b", len(data)) + data)
    elif (made := _made_of(value, kind)) is not None:
        name, parts = made
        out.append(_pack_size(b"k", len(name)) + name.encode())
        _put(out, parts, depth + 1, state, handle_of)
    elif issubclass(kind, dict):
        _put_dict(out, value, depth, state, handle_of)
    else:
        for base, tag in _ITEMS:
            if issubclass(kind, base):
                items = list(base.__iter__(value))
                _open(out, tag, len(items), depth, state)
                for item in items:
                    _put(out, item, depth + 1, state, handle_of)
                return
        _put_handle(out, handle_of(value))


def _made_of(value, kind):
    """(name, tuple of parts) of an object of a class of the library; None for any other. Only its data is looked at."""
    if issubclass(kind, bytearray):
        return "bytearray", (bytes(bytearray.__getitem__(value, slice(None))),)
    if issubclass(kind, collections.Counter):
        return "Counter", (dict(dict.items(value)),)
    if issubclass(kind, collections.OrderedDict):
        return "OrderedDict", ([(key, dict.__getitem__(value, key)) for key in collections.OrderedDict.__iter__(value)],)
    if issubclass(kind, tuple):
        fields = getattr(kind, "_fields", None)
        if type(fields) is not tuple or not all(type(field) is str for field in fields):
            return None
        items = list(tuple.__iter__(value))
        return ("namedtuple", (kind.__name__, list(fields), items)) if len(fields) == len(items) else None
    if issubclass(kind, fractions.Fraction):
        return "Fraction", (value._numerator, value._denominator)
    if issubclass(kind, decimal.Decimal):
        return "Decimal", (decimal.Decimal.__str__(value),)
    if issubclass(kind, datetime.datetime):
        return ("datetime", tuple(value.timetuple()[:6]) + (value.microsecond,)) if value.tzinfo is None else None
    if issubclass(kind, datetime.date):
        return "date", (value.year, value.month, value.day)
    if issubclass(kind, datetime.time):
        return ("time", (value.hour, value.minute, value.second, value.microsecond)) if value.tzinfo is None else None
    if issubclass(kind, datetime.timedelta):
        return "timedelta", (value.days, value.seconds, value.microseconds)
    numpy = sys.modules.get("numpy")
    if numpy is not None and issubclass(kind, numpy.generic) and value.dtype.kind in "biufc":
        return "scalar", (value.item(),)
    if numpy is not None and issubclass(kind, numpy.ndarray) and value.dtype.kind in "biufcSU":
        return "ndarray", (str(value.dtype), list(value.shape), value.ravel().tolist())
    return None


class NamedTuple(tuple):
    """A tuple whose items have names."""

    def __repr__(self):
        return "%s(%s)" % (self._name, ", ".join("%s=%r" % pair for pair in zip(self._fields, self)))

    def _asdict(self):
        return dict(zip(self._fields, self))


def _named(name, fields, items):
    made = NamedTuple(items)
    made.__dict__.update(zip(fields, made))
    made._name, made._fields = name, tuple(fields)
    return made


def _array(dtype, shape, items):
    numpy = sys.modules["numpy"]
    return numpy.array(items, dtype=dtype).reshape(shape)


_MAKERS = {
    "bytearray": bytearray,
    "Counter": collections.Counter,
    "OrderedDict": collections.OrderedDict,
    "namedtuple": _named,
    "Fraction": fractions.Fraction,
    "Decimal": decimal.Decimal,
    "datetime": datetime.datetime,
    "date": datetime.date,
    "time": datetime.time,
    "timedelta": lambda days, seconds, microseconds: datetime.timedelta(days, seconds, microseconds),
    "scalar": lambda value: value,
    "ndarray": _array,
}


def _put_dict(out, value, depth, state, handle_of):
    items = list(dict.items(value))
    _open(out, b"D", len(items), depth, state)
    for key, item in items:
        _put(out, key, depth + 1, state, handle_of)
        _put(out, item, depth + 1, state, handle_of)


def _put_handle(out, handle):
    name = handle.type_name.encode("utf-8", "replace")[:100]
    out.append(_pack_size(b"o", handle.number) + len(name).to_bytes(4, "little") + name)


def _open(out, tag, count, depth, state):
    if depth >= MAX_DEPTH:
        raise TooLarge("nested deeper than %d" % MAX_DEPTH)
    _count(state, count, 8 * count)
    out.append(_pack_size(tag, count))


def _count(state, nodes, size):
    state[0] += nodes
    state[1] += size
    if state[0] > MAX_NODES or state[1] > MAX_BYTES:
        raise TooLarge("larger than %d values or %d bytes" % (MAX_NODES, MAX_BYTES))


def decode(data, handle_from=Handle):
    """The value in the bytes; handle_from(number, type name) makes what stands for a handle."""
    return _get(data, 0, handle_from)[0]


def _get(data, at, handle_from):
    tag = data[at]
    at += 1
    if tag == 0x69:
        return _int(data, at)[0], at + 8
    if tag == 0x4E:
        return None, at
    if tag == 0x54 or tag == 0x46:
        return tag == 0x54, at
    if tag == 0x64:
        return _float(data, at)[0], at + 8
    if tag == 0x63:
        return complex(*_complex(data, at)), at + 16
    if tag == 0x72:
        parts = []
        for _ in range(3):
            part, at = _get(data, at, handle_from)
            parts.append(part)
        return range(*parts), at
    size = _size(data, at)[0]
    at += 4
    if tag == 0x73:
        return str(data[at:at + size], "utf-8", "surrogatepass"), at + size
    if tag == 0x79:
        return TYPES[str(data[at:at + size], "ascii")], at + size
    if tag == 0x6B:
        name = str(data[at:at + size], "ascii")
        parts, at = _get(data, at + size, handle_from)
        return _MAKERS[name](*parts), at
    if tag == 0x62:
        return bytes(data[at:at + size]), at + size
    if tag == 0x49:
        return int.from_bytes(data[at:at + size], "little", signed=True), at + size
    if tag == 0x6F:
        end = at + 4 + _size(data, at)[0]
        return handle_from(size, str(data[at + 4:end], "utf-8", "replace")), end
    if tag == 0x44:
        result = {}
        for _ in range(size):
            key, at = _get(data, at, handle_from)
            result[key], at = _get(data, at, handle_from)
        return result, at
    items = []
    for _ in range(size):
        item, at = _get(data, at, handle_from)
        items.append(item)
    if tag == 0x6C:
        return items, at
    return _MAKE[tag](items), at


_MAKE = {0x74: tuple, 0x53: set, 0x5A: frozenset, 0x71: collections.deque}
