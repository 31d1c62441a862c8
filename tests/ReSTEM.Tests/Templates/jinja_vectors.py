"""Renders chat templates with Python's jinja2, set up as transformers sets it up, and prints what came of each.

    python3 jinja_vectors.py written > vectors.jsonl          the templates written below, and some at random
    python3 jinja_vectors.py random SEED COUNT                templates made at random

One JSON object a line: template, variables, rendered, error (one of the last two is null). Needs jinja2
(Debian: apt-get install python3-jinja2). JinjaVectorTests compares what ReSTEM makes of the same templates.
"""

import json
import random
import sys

import jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment


class Generation(Extension):
    """The block 'generation', which marks what an assistant said: rendered as a body with variables of its own."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("said"), [], [], body).set_lineno(line)

    def said(self, caller):
        return caller()


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


ENVIRONMENT = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
ENVIRONMENT.filters["tojson"] = tojson
ENVIRONMENT.globals["raise_exception"] = raise_exception


def render(template, variables):
    row = {"template": template, "variables": variables, "rendered": None, "error": None}
    try:
        row["rendered"] = ENVIRONMENT.from_string(template).render(**variables)
        row["rendered"].encode("utf-8")
    except Exception as fault:
        row["rendered"] = None
        row["error"] = f"{type(fault).__name__}: {fault}"[:200]
    return row


TALK = [
    {"role": "system", "content": "Answer briefly."},
    {"role": "user", "content": "  What is 3 + 4?\n"},
    {"role": "assistant", "content": "3 + 4 = 7."},
    {"role": "user", "content": "And in French? \u00e9\u00e8 \U0001F600"},
]
TOOLS = [
    {"type": "function", "function": {"name": "sum", "description": "Adds \"two\" <numbers>", "parameters": {
        "type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "array", "items": {"type": "integer"}}}, "required": ["a"]}}},
]
CALL = {"id": "abcdefghi", "function": {"name": "find", "arguments": {"q": "caf\u00e9 \"x\"", "n": 3, "deep": {"a": [1, 2.0, None, True]}}}}
DIALOGUE = [
    {"role": "system", "content": " Be \u00abkind\u00bb. "}, {"role": "user", "content": "Find it"},
    {"role": "assistant", "content": "<t>\nHm, well.\n</t>\n\nI am looking for it now."}, {"role": "assistant", "content": None, "calls": [CALL]},
    {"role": "tool", "content": {"found": ["a", 1]}}, {"role": "tool", "content": "text"}, {"role": "user", "content": "Thanks!"},
]
BASE = {
    "talk": DIALOGUE,
    "messages": TALK, "tools": None, "documents": None, "add_generation_prompt": True, "bos_token": "<s>", "eos_token": "</s>",
    "n": 7, "m": -3, "x": 2.5, "y": -0.125, "big": 123456789012345678901234567890, "t": True, "f": False, "nothing": None,
    "s": "Hello, World", "blank": "  a b\tc \n", "u": "na\u00efve \u4f60\u597d \U0001F600!", "empty": "", "digits": "42",
    "l": [3, 1, 2], "words": ["pear", "Apple", "fig", "apple"], "mixed": [1, "a", None, True, 2.5, [1, 2], {"k": "v"}],
    "d": {"b": 2, "a": 1, "C": 3}, "deep": {"list": [{"v": 1, "w": "one"}, {"v": 2, "w": "two"}, {"w": "none"}], "items": "mine"},
}

EXPRESSIONS = """
n // 2, n % 2, m // 2, m % 4, n / 2, -n % 4, x % -2, x // 2, -2 ** 2, 2 ** 3 ** 2, 2 ** -1, n * x, 1e3, 1e16, 1e15, 1.5e-7, 0.0001, 0.1 + 0.2
1/3, 1e22, 0 / -big, 0 / -n, 123456789.123456789, 5 // 0, 5.0 % 0, big, big + 1, big // 7, big % 1000, big * 1.0, t + t, t * 3, -t, +n, 7 == 7.0, t == 1, f == 0
"a" "b" 'c', 'it\\'s', "tab\\tnew\\nline", '\\x41\\u00e9\\U0001F600\\101', 'back\\\\slash \\d', "q\\"q"
s[0], s[-1], s[99] is defined, s[2:5], s[::-1], s[5:2:-1], s[-3:], s[:-3], s[::2], u[6], u[-2], u[::-1], u | length, l[1:], l[::-1], l[-1], l[10], l['x']
l[1:2][0], l[:100], l[5:], l[2:0:-1], l[::0], nothing[1:], missing[1:], d[1:], (1, 2, 3)[1], (1,), (), [], {}, [1, [2, (3,)]], {'a': [1, {'b': None}]}
mixed, d, u, [u, "it's", 'q"', "both'\\"", "a\\nb", "\\x00\\x7f\\u200b"], [true, false, none, 1.0, -0.0], {1: 'a', 2.5: 'b', none: 'c', true: 'd'}
1 < 2 < 3, 1 < 2 > 3, 3 > 2 == 2, 'a' < 'b', 'a' < 1, [1, 2] < [1, 3], 1 in l, 9 in l, 9 not in l, 'ell' in s, 'a' in d, 1 in s, n in nothing, 1 in missing
n and 0, n or 0, '' or 'else', none and n, not n, not none, not not 1, n if t, n if f, (n if f) is defined, 'a' if f else 'b' if f else 'c', 1 if t else 1/0
missing, missing.x, missing['x'], missing(), -missing, missing + 1, 'a' + missing, 'a' ~ missing ~ n ~ none ~ t ~ x, missing == missing, missing == none
missing is defined, missing is undefined, missing is none, missing is string, missing is iterable, missing is sequence, missing is mapping, missing is number
none is none, nothing is none, n is number, x is number, t is number, t is integer, n is integer, x is float, n is float, t is boolean, n is boolean, s is string
d is mapping, l is mapping, l is sequence, s is sequence, d is sequence, l is iterable, n is iterable, n is odd, n is even, n is divisibleby 7, n is divisibleby(2)
t is true, f is false, n is true, n is eq 7, n is equalto(7), n is ne 7, n is gt 3, n is lt(3), n is ge 7, n is le 6, n is in [7, 8], n is not in [1], s is lower, empty is upper
'AB1' is upper, 'a' is sameas 'a', none is sameas none, range is callable, n is callable, d.items is callable, n is not none, n is none or t, not n is none
d.a, d['a'], d.missing, d.missing.more, d['missing'] is defined, d.items, d.items(), deep['items'], deep.list[0].w, deep.list.0.w, deep.list[2].v is defined, none.x, n.x, s.x.y
d.get('a'), d.get('z'), d.get('z', 5), d.keys() | list, d.values() | list, d.items() | list, d.keys()[0] is defined, d.update({'z': 1}), d.pop('a'), l.append(4), l.pop()
l.index(1), l.count(1), l.index(99), s.__class__, s.__class__.__mro__, l.__len__(), d.copy()
s.upper(), s.lower(), s.title(), s.capitalize(), 'hELLO wORLD'.capitalize(), "they're bill's".title(), blank.strip(), blank.lstrip(), blank.rstrip(), 'xxaxx'.strip('x'), 'abc'.strip('')
'a,b,,c'.split(','), 'a b  c'.split(), ' a b '.split(), 'a,b,c'.split(',', 1), 'a b c'.split(none, 1), 'a,b,c'.rsplit(',', 1), ' a b c '.rsplit(none, 1), 'x'.split(''), 'x'.split('abc'), ''.split(), ''.split(',')
'a\\nb\\r\\nc'.splitlines(), 'a\\n'.splitlines(), 'a\\nb'.splitlines(true), 'a=b=c'.partition('='), 'a=b=c'.rpartition('='), 'abc'.partition('x'), 'abc'.rpartition('x')
s.startswith('He'), s.endswith('ld'), s.startswith(('a', 'H')), s.find('o'), s.rfind('o'), s.find('z'), s.index('z'), s.count('l'), 'aaa'.count('aa'), 'abc'.count(''), u.find('!')
s.replace('l', 'L'), s.replace('l', 'L', 2), 'abc'.replace('', '-'), 'abc'.replace('', '-', 2), ','.join(words), ','.join(l), '-'.join('abc'), '7'.zfill(3), '-7'.zfill(4), 'ab'.center(7, '*'), 'ab'.ljust(4) ~ '|'
'ab'.rjust(4), '12'.isdigit(), 'ab'.isalpha(), 'a1'.isalnum(), ' '.isspace(), ''.isspace(), 'AB'.isupper(), 'ab'.islower(), 'prefix'.removeprefix('pre'), 'suffix'.removesuffix('fix')
blank | trim, 'xax' | trim('x'), n | trim, missing | trim, s | upper, s | lower, 'foo bar-baz (qux)' | title, 'fOO' | capitalize, s | length, l | count, d | length, n | length, missing | length, none | length
l | join, l | join('-'), words | join(', '), deep.list | join(',', attribute='w'), missing | join(','), mixed | join('|'), 'abc' | join('.'), n | join
missing | default('x'), missing | default, none | default('x'), none | default('x', true), '' | d('x', boolean=true), 0 | d(1), missing.x | default('y')
s | replace('o', '0'), s | replace('l', 'L', 1), n | replace('7', 'seven'), l | first, l | last, [] | first, [] | last, 'abc' | first, 'abc' | last, d | first, d | last, missing | first
l | list, 'abc' | list, d | list, n | list, d | items | list, missing | items | list, d | dictsort, d | dictsort(true), d | dictsort(by='value', reverse=true), l | dictsort
words | map('upper') | list, deep.list | map(attribute='v') | list, deep.list | map(attribute='v', default=0) | list, words | map('replace', 'p', 'P') | join, l | map('string') | list, words | map('nope') | list, l | map | list
words | select('equalto', 'fig') | list, l | select('odd') | list, l | reject('gt', 1) | list, mixed | select | list, deep.list | selectattr('v') | list, deep.list | selectattr('v', 'defined') | list, deep.list | rejectattr('v', 'eq', 1) | list
deep.list | selectattr('v', '==', 2) | map(attribute='w') | first, deep.list | selectattr('w', 'in', ['one']) | list, l | select('nope') | list, (l | select('odd'))[0], l | select('odd') | length
'12' | int, '12.7' | int, 'x' | int, 'x' | int(5), '0x1F' | int(base=16), '101' | int(base=2), x | int, none | int, t | int, l | int(9), '3.5' | float, 'x' | float, 'x' | float(1.5), n | float, ' 4 ' | int, '1_000' | int
m | abs, y | abs, x | round, 2.675 | round(2), 0.125 | round(2), 2.5 | round, 3.5 | round, 7 | round, 42.55 | round(1, 'floor'), 42.55 | round(1, 'ceil'), n | round(2)
l | sort, l | sort(reverse=true), words | sort, words | sort(case_sensitive=true), deep.list[:2] | sort(attribute='w') | map(attribute='v') | list, [1, 'a'] | sort, words | unique | list, words | unique(true) | list, l | reverse | list, s | reverse
l | sum, [1.5, 2] | sum, deep.list[:2] | sum(attribute='v'), l | sum(start=10), words | sum, l | min, l | max, words | max, [] | max, ['b', 'A'] | min, [1, 'a'] | min
'a\\nb\\n\\nc' | indent, 'a\\nb' | indent(2, true), 'a\\n\\nb' | indent(2, blank=true), 'a\\nb' | indent('> '), 'a' | indent(first=true), 'a\\n' | indent, '' | indent
deep | tojson, mixed | tojson, u | tojson, '<a href=\\"x\\">&\\'' | tojson, d | tojson(indent=2), {'a': [], 'b': {}} | tojson(indent=2), d | tojson(sort_keys=true), deep | tojson(indent=4), l | tojson(separators=(',', ':')), d | tojson(separators=[';', '=']), u | tojson(ensure_ascii=true)
none | tojson, t | tojson, 1.0 | tojson, 1e30 | tojson, missing | tojson, (1, 2) | tojson, range(3) | tojson, {1: 2, none: 3, true: 4} | tojson, "\\t\\x01\\x7f\\u2028" | tojson, l | tojson(indent='\\t'), l | tojson(indent=0), big | tojson
'<a>&"' | escape, "'" | e, s | safe, n | string, none | string, missing | string, 'a b_c d' | wordcount, 'ab' | center(6), 'a long sentence of words' | truncate(10), 'a long sentence of words' | truncate(10, true), 'abc' | truncate(2, end='')
l | batch(2) | list, l | batch(2, 0) | list, [1, 2, 3, 4, 5] | slice(2) | list, [1, 2, 3, 4, 5] | slice(3, 0) | list, range(5) | list, range(2, 8, 3) | list, range(5, 0, -2) | list, range(3), range(0, 10, 2), range(5) | length, range(3)[1], range(1, 1, 0), range(1000000)
dict(a=1, b=2), dict([('a', 1)]), dict(d, z=9), namespace(a=1).a, namespace(a=1).b is defined, '%s-%d' % ('a', 3), '%s' % s, '%05d' % n, '%.2f' % x, '%s' % none, '%d' % 'x', '%s %s' % ('a',), '%%' % (), '%s is %s' | format('a', l), '%-4s|' % 'a', '%+d' % n
n is foo, n | foo, nope(1), s(), l * 2, 2 * l, s * 2, s * -1, s * x, l + [9], l + (9,), (1,) + (2,), s + 1, 1 + s, l - 1, s - s, x ~ y ~ l, -s, 'a' * 1000000000, [0] * 1000000000, 10 ** 100000
l | last is odd, -1 | abs, -n | abs, (-n) | abs, n | string ~ 'x', 'a' ~ 'b' | upper, 1 + 2 ~ 3 + 4, 2 * 3 ~ 4, not n == 7, not (n) in l, n is defined and n is odd, 1 if n is odd else 2, [n, s][0], {'a': 1}.a, {'a': 1}['a'], 'x'.upper().lower(), (s | upper).lower(), s.upper() | lower
""".strip().split("\n")

WRITTEN = r"""
{% for m in messages %}
{{ m.role }}: {{ m.content }}
{% endfor %}
=====
{{ bos_token }}{% for m in messages %}{{ '[' + m['role'] | upper + ']' }}{{ m['content'] | trim }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}[ASSISTANT]{% endif %}
=====
{%- if messages[0].role == 'system' -%}
    {%- set head = messages[0].content -%}
    {%- set rest = messages[1:] -%}
{%- else -%}
    {%- set rest = messages -%}
{%- endif -%}
{%- for m in rest %}
    {%- if (m.role == 'user') != (loop.index0 % 2 == 0) %}
        {{- raise_exception('roles must take turns, got ' ~ m.role) }}
    {%- endif %}
    {%- if loop.first and head is defined %}{{ '<<' ~ head ~ '>>\n' }}{% endif %}
    {{- '<' + m.role + '>' + m.content + '</' + m.role + '>\n' }}
{%- endfor -%}
=====
{{ raise_exception("never: " ~ n) }}
=====
a
  {% if t %}
b
  {% endif %}
c
	{# a comment #}
d {# inside #} e
{#- near -#}
f
=====
a {%+ if t %} b {% endif +%}
c {%- if t -%} d {%- endif -%} e
   {%+ if t %}
x
   {%+ endif %}
y
=====
  {{ n }}
  {{- n -}}
  {{ n }}
=====
{% raw %}{{ not }} {% a %} {# b #}{% endraw %}
  {%- raw -%}  x  {%- endraw -%}  y
   {% raw %}
 z
   {% endraw %}
w
=====
{% for i in range(5) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 3 %}{% break %}{% endif %}{{ i }},{% endfor %}
=====
{% for i in l %}{{ loop.index }}/{{ loop.length }} {{ loop.index0 }} {{ loop.revindex }} {{ loop.revindex0 }} {{ loop.first }} {{ loop.last }} {{ loop.previtem }} {{ loop.nextitem }} {{ loop.cycle('odd', 'even') }} {{ loop.depth }};{% endfor %}
=====
{% for i in [1, 1, 2, 2, 1] %}{{ i if loop.changed(i) else '-' }}{% endfor %}
=====
{% for i in l if i > 1 %}{{ i }}{{ ',' if not loop.last }}{{ loop.length }}{% else %}none{% endfor %}|{% for i in l if i > 9 %}{{ i }}{% else %}none{% endfor %}|{% for i in [] %}{% else %}empty{% endfor %}
=====
{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}{% for (a, b), c in [((1, 2), 3)] %}{{ a }}{{ b }}{{ c }}{% endfor %}{% for a, b in [[1]] %}{% endfor %}
=====
{% for k in d %}{{ k }}{% endfor %}{% for c in u %}[{{ c }}]{% endfor %}{% for x in missing %}x{% endfor %}{% for x in nothing %}x{% endfor %}
=====
{% set x = 1 %}{% for i in l %}{{ x }}{% set x = i %}{{ x }}{% endfor %}{{ x }}
=====
{% set ns = namespace(count=0, seen=[]) %}{% for i in l %}{% set ns.count = ns.count + i %}{% set ns.seen = ns.seen + [i] %}{% endfor %}{{ ns.count }} {{ ns.seen }} {{ ns.other is defined }}
=====
{% set d.a = 5 %}
=====
{% if f %}{% set q = 1 %}{% else %}{% set q = 2 %}{% endif %}{{ q }}{% if t %}{% set q = 3 %}{% endif %}{{ q }}
=====
{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set c = 1, %}{{ c }}{% set (e, g) = 'xy' %}{{ e ~ g }}
=====
{% set block %}
  {{ n }} inside
{% endset %}[{{ block }}]{% set loud | upper | trim %}  quiet {% set inner = 1 %} {% endset %}[{{ loud }}]{{ inner is defined }}
=====
{% macro show(a, b=2, c=a) %}{{ a }}-{{ b }}-{{ c }}|{% endmacro %}{{ show(1) }}{{ show(1, 3) }}{{ show(b=5, a=4) }}{{ show() }}{{ show(1, 2, 3) }}
=====
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}
=====
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(b=2) }}
=====
{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, 3, z=4) }}
=====
{% macro outer(x) %}[{{ caller(x, 2) }}]{% endmacro %}{% call(p, q) outer(1) %}{{ p }}+{{ q }}{{ n }}{% endcall %}{% macro maybe() %}{{ caller() if caller else 'alone' }}{% endmacro %}{{ maybe() }}{% call maybe() %}body{% endcall %}
=====
{% macro fact(k) %}{{ k * (fact(k - 1) | int) if k > 1 else 1 }}{% endmacro %}{{ fact(6) }}
=====
{% macro see() %}{{ later }}{% endmacro %}{% set later = 3 %}{{ see() }}{% set later = 4 %}{{ see() }}
=====
{% macro v(x) %}{% set n = x %}{{ n }}{% endmacro %}{{ v(1) }}{{ n }}{% for i in [1, 2] %}{{ v(i) }}{% endfor %}
=====
{% macro render(node, depth=0) %}{{ '  ' * depth }}{{ node.w }}
{% for child in node.c or [] %}{{ render(child, depth + 1) }}{% endfor %}{% endmacro %}{{ render({'w': 'a', 'c': [{'w': 'b', 'c': [{'w': 'd'}]}, {'w': 'c'}]}) }}
=====
{% for x in [{'n': 1, 'c': [{'n': 2, 'c': [{'n': 3}]}]}, {'n': 4}] recursive %}{{ loop.depth }}:{{ x.n }}{% if x.c %}({{ loop(x.c) }}){% endif %}{% endfor %}
=====
{% with a = 1, b = n %}{{ a }}{{ b }}{% set n = 9 %}{{ n }}{% endwith %}{{ n }}{{ a is defined }}{% with %}{{ n }}{% endwith %}
=====
{% filter upper %}abc {{ s }}{% endfilter %}{% filter replace('a', 'b') | trim %} aaa {% endfilter %}
=====
{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{% set z = 1 %}{{ eos_token }}{% endgeneration %}{{ z is defined }}{% else %}{{ m.content }}{% endif %}{% endfor %}
=====
{% generation %}  x
  {% endgeneration %}
y
=====
{%- for m in messages %}
    {%- if m.content is string %}
        {%- set parts = [{'type': 'text', 'text': m.content}] %}
    {%- else %}
        {%- set parts = m.content %}
    {%- endif %}
    {%- for part in parts if part.type == 'text' %}
        {{- part.text | trim }}{{ '\n' if not loop.last }}
    {%- endfor %}
    {{- '\n---\n' }}
{%- endfor %}
=====
{%- set ns = namespace(last=-1) %}
{%- for m in messages[::-1] %}
{%- if ns.last < 0 and m.role == 'user' %}{% set ns.last = (messages | length - 1) - loop.index0 %}{% endif %}
{%- endfor %}
{%- for m in messages %}{{ m.role }}{{ '*' if loop.index0 == ns.last }} {% endfor %}
=====
{% if tools %}{{ tools | tojson }}{% elif tools is none %}null{% else %}empty{% endif %}{% if not tools is defined %}undefined{% endif %}
=====
{% for tool in tool_list %}{{ tool | tojson(indent=4) }}
{{ tool.function.name }}({% for name, p in tool.function.parameters.properties.items() %}{{ name }}: {{ p.type }}{% if name in tool.function.parameters.required %}!{% endif %}{% if p['items'] %}[{{ p['items'].type }}]{% endif %}{% if not loop.last %}, {% endif %}{% endfor %}) -> {{ tool.function.description }}
{% endfor %}
=====
{% for m in messages %}{% if loop.previtem is defined and loop.previtem.role == m.role %}same{% endif %}{% if not loop.last and loop.nextitem.role == 'assistant' %}>{% endif %}{% endfor %}
=====
{% set odd = l | select('odd') %}{% for i in odd %}{{ i }}{% endfor %}|{% for i in odd %}{{ i }}{% endfor %}|{{ 'yes' if odd else 'no' }}
=====
{% for i in l %}{% for j in l %}{{ loop.index }}{% if j == 1 %}{% break %}{% endif %}{% endfor %}{{ loop.index }};{% endfor %}
=====
{% break %}
=====
{% for i in l %}{% macro a() %}{% break %}{% endmacro %}{% endfor %}
=====
{% if n %}
=====
{% endif %}
=====
{{ n
=====
{{ n }
=====
{% for %}{% endfor %}
=====
{{ 'abc }}
=====
{{ (1, 2 }}
=====
{{ 1 2 }}
=====
{% unknown %}
=====
{{ n | }}
=====
{{ a.b.c }}
=====
{% set true = 1 %}
=====
{{ [1, 2, ] }}{{ {'a': 1, } }}{{ (1, ) }}{{ dict(a=1, ) }}
=====
{{ {'a': {'b': {'c': 1}}}.a.b.c }}{{ {'x': '}}'} }}{% set z = {'a': {}} %}{{ z }}
=====
{{ '{{' }}{{ "}}" }}{{ '{%' }} { { } } %} {{'a'}}{{-'b'-}} {{+ n }}
=====

leading and trailing line breaks


=====
{{ 0x1f }} {{ 0b101 }} {{ 0o17 }} {{ 1_000 }} {{ 1_0.5 }} {{ 1.e3 is defined }}
=====
{{ True }}{{ False }}{{ None }}{{ true }}{{ false }}{{ none }}{{ [True, None] }}
=====
{% for a in [1, 2] %}
  {% for b in [3, 4] %}
    {{ a }}{{ b }}
  {% endfor %}
{% endfor %}
end
=====
{{ range(3) | map('string') | join(',') }}{{ messages | map(attribute='role') | unique | list }}{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | map('trim') | list }}
=====
{% set content = messages[2].content %}{% if '=' in content %}{{ content.split('=')[0].rstrip() }}|{{ content.split('=')[-1].lstrip() }}{% endif %}
=====
{{ messages[-1]['content'][-2:] }}{{ messages | length }}{{ messages[1:][0].role }}{{ messages[0].role if messages else 'none' }}{{ messages[99] is defined }}{{ messages[99].role }}
=====
{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}
=====
{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}
=====
{{ x.y.z if x.y is defined else 'no' }} {{ nothing.a }} {{ nothing.a is defined }}
=====
{% print n %}
=====
{% include 'x' %}
=====
{% if n == 7 and (s or missing.x) %}short{% endif %}{% if f and missing.x %}{% else %}circuit{% endif %}
=====
{%- macro list_of(items, sep=', ') -%}
  {%- for i in items -%}
    {{ i }}{{ sep if not loop.last }}
  {%- endfor -%}
{%- endmacro -%}
<{{ list_of(l) }}> <{{ list_of(words, sep='/') }}>
=====
{#- A dialogue with tools, the calls of which are written as JSON. -#}
{%- if not stamp is defined %}{%- set stamp = "1 May 2031" %}{%- endif %}
{%- if not extra is defined %}{%- set extra = none %}{%- endif %}
{%- if talk[0]['role'] == 'system' %}
    {%- set head = talk[0]['content'] | trim %}
    {%- set talk = talk[1:] %}
{%- else %}
    {%- set head = "" %}
{%- endif %}
{{- bos_token + "<h>system</h>\n\n" }}
{%- if tool_list is not none and extra is none %}
    {{- "Tools: " + (tool_list | map(attribute='function') | map(attribute='name') | join(', ')) + "\n" }}
{%- endif %}
{{- "Today: " + stamp + "\n\n" + head + "<e>" }}
{%- for m in talk %}
    {%- if not (m.role == 'tool' or 'calls' in m) %}
        {{- '<h>' + m['role'] + '</h>\n\n' + m['content'] | trim + '<e>' }}
    {%- elif 'calls' in m %}
        {%- if not m.calls | length == 1 %}
            {{- raise_exception("one call at once") }}
        {%- endif %}
        {%- set call = m.calls[0].function %}
        {{- '<h>assistant</h>\n\n{"name": "' + call.name + '", ' }}
        {{- '"parameters": ' }}
        {{- call.arguments | tojson }}
        {{- "}" }}
        {%- for name, value in call.arguments | items %}{{- name + '="' ~ value ~ '"' }}{%- if not loop.last %}{{- ", " }}{%- endif %}{%- endfor %}<e>
    {%- else %}
        {{- "<h>result</h>\n\n" }}
        {%- if m.content is mapping or m.content is iterable and m.content is not string %}{{- m.content | tojson }}{%- else %}{{- m.content }}{%- endif %}
    {%- endif %}
{%- endfor %}
=====
{%- set asked = talk | selectattr("role", "equalto", "user") | list %}
{%- set ns = namespace() %}
{%- set ns.index = 0 %}
{%- for m in talk %}
    {%- if not (m.role == "tool" or m.role == "system" or (m.calls is defined and m.calls is not none)) %}
        {%- if (m["role"] == "user") != (ns.index % 2 == 0) %}{{- raise_exception("turns must alternate") }}{%- endif %}
        {%- set ns.index = ns.index + 1 %}
    {%- endif %}
{%- endfor %}
{%- for m in talk %}
    {%- if m.role == "user" %}
        {%- if tool_list is not none and (m == asked[-1]) %}
            {{- "[TOOLS] [" }}
            {%- for tool in tool_list %}
                {%- set tool = tool.function %}
                {{- '{"type": "function", "function": {' }}
                {%- for key, val in tool.items() if key != "return" %}
                    {%- if val is string %}{{- '"' + key + '": "' + val + '"' }}{%- else %}{{- '"' + key + '": ' + val | tojson }}{%- endif %}
                    {%- if not loop.last %}{{- ", " }}{%- endif %}
                {%- endfor %}
                {{- "}}" }}{%- if not loop.last %}{{- ", " }}{%- else %}{{- "]" }}{%- endif %}
            {%- endfor %}
            {{- "[/TOOLS]" }}
        {%- endif %}
        {{- "[INST] " + m.content + "[/INST]" }}
    {%- elif m.calls is defined and m.calls is not none %}
        {%- for c in m.calls %}
            {%- set out = c.function | tojson %}
            {{- out[:-1] }}
            {%- if not c.id is defined or c.id | length != 9 %}{{- raise_exception("ids have nine characters") }}{%- endif %}
            {{- ', "id": "' + c.id + '"}' }}
        {%- endfor %}
    {%- endif %}
{%- endfor %}
=====
{%- macro kind(spec, required=[], nullable=false) -%}
    {%- if spec.type == "array" -%}
        {%- if spec['items'] -%}{{- kind(spec['items'], required) }}[]{%- else -%}any[]{%- endif -%}
    {%- elif spec.type is iterable and spec.type is not string -%}
        {{- spec.type | join(" | ") -}}
    {%- elif spec.type == "object" -%}
        {{- "{\n" -}}
        {%- for name, inner in spec.properties.items() -%}
            {{- name -}}{%- if name not in (spec.required or []) -%}?{%- endif -%}: {{ kind(inner, required=spec.required or []) }}
            {%- if not loop.last -%}, {% endif -%}
        {%- endfor -%}
        {{- "\n}" -}}
    {%- else -%}
        {{- {'number': 'float', 'integer': 'int'}[spec.type] if spec.type in ['number', 'integer'] else 'any' -}}
    {%- endif -%}
    {%- if nullable %} | null{%- endif -%}
{%- endmacro -%}
{% for tool in tool_list %}{{ tool.function.name }}: {{ kind(tool.function.parameters) }}; {{ kind({'type': ['a', 'b']}, nullable=true) }}{% endfor %}
=====
{%- macro listed(items, tag='required') %}
    {%- if items is defined and items is iterable and items | length > 0 %}
        {%- if tag %}{{- '\n<' ~ tag ~ '>' -}}{% endif %}
            {{- '[' }}{%- for i in items -%}{%- if loop.index > 1 %}{{- ", " }}{% endif -%}{%- if i is string -%}{{ "`" ~ i ~ "`" }}{%- else -%}{{ i }}{%- endif -%}{%- endfor -%}{{- ']' }}
        {%- if tag %}{{- '</' ~ tag ~ '>' -}}{% endif %}
    {%- endif %}
{%- endmacro %}
{%- for tool in tool_list %}
    {%- set p = tool.function.parameters %}
    {%- for name, fields in p.properties | items %}
        {{- '\n<p>' ~ name }}
        {%- set seen = ['type'] %}
        {%- for key in fields.keys() | reject("in", seen) %}
            {%- set tag = key | replace("-", "_") | replace(" ", "_") | replace("$", "") %}
            {%- if fields[key] is mapping %}{{- '\n<' ~ tag ~ '>' ~ (fields[key] | tojson | safe) ~ '</' ~ tag ~ '>' }}{%- else %}{{- fields[key] | string }}{%- endif %}
        {%- endfor %}
        {{- listed(p.required) }}{{- listed([], tag='x') }}{{- listed([1, 'a'], none) }}
    {%- endfor %}
{%- endfor %}
=====
{%- for m in talk -%}
{%- set content = m.content if m.content is string else (m.content | tojson if m.content else '') -%}
{%- set thought = '' -%}
{%- if '</t>' in content -%}{%- set thought = content.split('</t>')[0].rstrip('\n').split('<t>')[-1].lstrip('\n') -%}{%- set content = content.split('</t>')[-1].lstrip('\n') -%}{%- endif -%}
{{ loop.index }}:{{ thought | default('none', true) }}|{{ content[:12].strip() }}{{ '...' if content | length > 12 }}
{% endfor %}
=====
{{- (talk | last).role }} {{ (talk | first)['content'][:3] }} {{ talk[1:3] | map(attribute='role') | list }} {{ talk | selectattr('calls', 'defined') | map(attribute='calls') | first | length }} {{ talk | rejectattr('calls') | list | length }} {{ talk[3].calls[0].function.arguments.get('q', 'no') }} {{ talk[0].get('name') }} {{ talk[0].get('name', {}).get('x') is none }}
""".strip("\n").split("\n=====\n")

# What takes Python long, or ends in limits of ours, is no matter of agreement.
LIMITS = ("'a' * 1000000000", "[0] * 1000000000", "10 ** 100000", "range(100000)", "a() }}{% endmacro %}", "print n", "d.items,", "s.__class__")


class Maker:
    """Makes templates at random, most of them valid."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = []

    def pick(self, *options):
        return self.random.choice(options)

    def text(self, depth):
        r = self.random
        if depth <= 0:
            return self.pick("s", "u", "blank", "empty", "digits", "bos_token", "'a b'", "'x,y'", '"it\'s"', "messages[1].content", "messages[0]['role']", *self.names)
        return self.pick(
            lambda: f"{self.text(depth - 1)} + {self.text(depth - 1)}",
            lambda: f"({self.any(depth - 1)} ~ {self.any(depth - 1)})",
            lambda: f"{self.text(depth - 1)} | {self.pick('trim', 'upper', 'lower', 'title', 'capitalize', 'reverse', 'string', 'tojson')}",
            lambda: f"({self.text(depth - 1)}).{self.pick('strip()', 'upper()', 'title()', 'lstrip()', 'capitalize()', 'split()[0]')}",
            lambda: f"({self.text(depth - 1)}).replace({self.text(0)}, {self.text(0)})",
            lambda: f"({self.text(depth - 1)})[{self.slice(depth - 1)}]",
            lambda: f"({self.text(depth - 1)} if {self.truth(depth - 1)} else {self.text(depth - 1)})",
            lambda: f"{self.row(depth - 1)} | join({self.text(0)})",
            lambda: f"{self.any(depth - 1)} | tojson({self.pick('', 'indent=2', 'sort_keys=true', 'ensure_ascii=true')})",
            lambda: f"{self.pick('missing', 'd.zz', 'nothing')} | default({self.text(depth - 1)}{self.pick('', ', true')})",
        )()

    def slice(self, depth):
        def bound():
            return self.pick("", str(self.random.randint(-6, 6)))
        return self.pick(f"{bound()}:{bound()}", f"{bound()}:{bound()}:{self.pick('1', '2', '-1', '-2')}")

    def number(self, depth):
        if depth <= 0:
            return self.pick("n", "m", "x", "y", "0", "1", "2.0", "10", "big", "l[0]", str(self.random.randint(-20, 20)))
        return self.pick(
            lambda: f"({self.number(depth - 1)} {self.pick('+', '-', '*', '//', '%', '/')} {self.number(depth - 1)})",
            lambda: f"{self.pick(self.row, self.text)(depth - 1)} | length",
            lambda: f"({self.text(depth - 1)}).{self.pick('find', 'count')}({self.text(0)})",
            lambda: f"{self.pick(self.text, self.number)(depth - 1)} | {self.pick('int', 'float', 'int(3)')}",
            lambda: f"{self.number(depth - 1)} | {self.pick('abs', 'round(1)', 'round')}",
            lambda: f"-{self.number(depth - 1)}",
            lambda: f"{self.pick('l', 'range(4)', '[1.5, 2, -3]')} | {self.pick('sum', 'min', 'max', 'first', 'last')}",
        )()

    def truth(self, depth):
        if depth <= 0:
            return self.pick("t", "f", "n", "empty", "l", "add_generation_prompt", "loop is defined", "missing")
        return self.pick(
            lambda: f"({self.number(depth - 1)} {self.pick('<', '>', '<=', '>=', '==', '!=')} {self.number(depth - 1)})",
            lambda: f"({self.any(depth - 1)} == {self.any(depth - 1)})",
            lambda: f"({self.text(depth - 1)} {self.pick('in', 'not in')} {self.pick(self.text, self.row)(depth - 1)})",
            lambda: f"({self.truth(depth - 1)} {self.pick('and', 'or')} {self.truth(depth - 1)})",
            lambda: f"(not {self.truth(depth - 1)})",
            lambda: f"({self.any(depth - 1)} is {self.pick('', 'not ')}{self.pick('defined', 'none', 'string', 'mapping', 'iterable', 'sequence', 'number', 'boolean', 'integer', 'float', 'true')})",
            lambda: f"({self.text(depth - 1)}).{self.pick('startswith', 'endswith')}({self.text(0)})",
            lambda: f"({self.number(0)} < {self.number(depth - 1)} <= {self.number(0)})",
        )()

    def row(self, depth):
        if depth <= 0:
            return self.pick("l", "words", "mixed", "[]", "(1, 'b')", "range(3)", "messages", "deep.list")
        return self.pick(
            lambda: f"[{self.any(depth - 1)}, {self.any(depth - 1)}]",
            lambda: f"({self.row(depth - 1)} | list)[{self.slice(depth - 1)}]",
            lambda: f"({self.row(depth - 1)} | list + [{self.any(depth - 1)}])",
            lambda: f"({self.row(depth - 1)} | {self.pick('reverse', 'list', 'select', 'reject', 'unique', 'batch(2)')} | list)",
            lambda: f"(words | {self.pick('sort', 'map(%s) | list' % chr(39).join(['', 'upper', '']), 'select(%s) | list' % repr('string'))})",
            lambda: f"({self.text(depth - 1)}).split({self.pick('', repr(','), repr(' '), repr('a'))})",
            lambda: f"(d | {self.pick('dictsort', 'list', 'items | list')})",
            lambda: f"(messages | {self.pick('map(attribute=%r)', 'selectattr(%r)', 'rejectattr(%r)') % 'role'} | list)",
        )()

    def any(self, depth):
        if depth <= 0:
            return self.pick("none", "d", "deep", "missing", "d.a", "mixed[-1]", "{}", "t", self.text(0), self.number(0), self.row(0))
        return self.pick(self.text, self.number, self.truth, self.row, lambda k: "{'k': %s}" % self.any(k - 1))(depth - 1)

    def tag(self, inside):
        begin, end = self.pick(("{%", "%}"), ("{%", "%}"), ("{%-", "%}"), ("{%", "-%}"), ("{%-", "-%}"), ("{%+", "%}"), ("{%", "+%}"))
        return f"{begin} {inside} {end}"

    def gap(self):
        return self.pick("", "", " ", "\n", "  \n", "\n  ", "\t", "text", "a b\n", "\n\n", "{# note #}", "\n  {#- note -#}\n")

    def body(self, depth, loop=False):
        return "".join(self.gap() + self.statement(depth, loop) + self.gap() for _ in range(self.random.randint(1, 3)))

    def statement(self, depth, loop):
        r = self.random
        kind = r.randint(0, 11) if depth > 0 else 0
        if kind <= 3:
            return f"{{{{{self.pick('', '-')} {self.any(3)} {self.pick('', '-')}}}}}"
        if kind == 4:
            return self.tag(f"if {self.truth(2)}") + self.body(depth - 1, loop) + (self.tag(f"elif {self.truth(1)}") + self.body(depth - 1, loop) if r.random() < 0.3 else "") + (self.tag("else") + self.body(depth - 1, loop) if r.random() < 0.5 else "") + self.tag("endif")
        if kind in (5, 6):
            test = f" if {self.truth(1)}" if r.random() < 0.3 else ""
            more = self.pick("", "{{ loop.index }}", "{{ ',' if not loop.last }}", "{{ loop.nextitem }}", "{{ loop.revindex0 }}", "{{ i }}")
            jump = self.tag(f"if {self.truth(1)}") + self.tag(self.pick("break", "continue")) + self.tag("endif") if r.random() < 0.2 else ""
            other = self.tag("else") + self.body(depth - 1) if r.random() < 0.3 else ""
            return self.tag(f"for i in {self.row(2)}{test}") + more + jump + self.body(depth - 1, True) + other + self.tag("endfor")
        if kind == 7:
            name = self.pick("v", "w")
            out = self.tag(f"set {name} = {self.any(2)}") + f"{{{{ {name} }}}}"
            return out
        if kind == 8:
            return self.tag("set block") + self.body(depth - 1) + self.tag("endset") + "{{ block | length }}{{ block }}"
        if kind == 9:
            return self.tag("macro mac(p, q=2)") + "{{ p }}{{ q }}" + self.body(depth - 1) + self.tag("endmacro") + f"{{{{ mac({self.any(1)}) }}}}"
        if kind == 10:
            return self.tag(f"filter {self.pick('upper', 'trim', 'indent(2)')}") + self.body(depth - 1) + self.tag("endfilter")
        return self.tag("generation") + self.body(depth - 1) + self.tag("endgeneration")

    def template(self):
        return self.body(2)


def written():
    for line in EXPRESSIONS:
        for one in split(line):
            if not any(one.startswith(limit.split(",")[0]) for limit in LIMITS[:3]) and one not in ("d.items", "s.__class__.__mro__"):
                yield "{{ " + one + " }}"
    for template in WRITTEN:
        if not any(limit in template for limit in LIMITS):
            yield template


def split(line):
    """Cuts at commas outside of brackets and quotes."""
    parts, depth, quote, start = [], 0, "", 0
    i = 0
    while i < len(line):
        c = line[i]
        if quote:
            if c == "\\":
                i += 1
            elif c == quote:
                quote = ""
        elif c in "'\"":
            quote = c
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        elif c == "," and depth == 0:
            parts.append(line[start:i].strip())
            start = i + 1
        i += 1
    return parts + [line[start:].strip()]


def main():
    variables = dict(BASE, tool_list=TOOLS)
    if sys.argv[1] == "written":
        print(json.dumps({"variables": variables}, ensure_ascii=False))
        rows = [(template, 0) for template in written()] + [(Maker(seed).template(), seed) for seed in range(330)]
    else:
        print(json.dumps({"variables": variables}, ensure_ascii=False))
        seed, count = int(sys.argv[2]), int(sys.argv[3])
        rows = [(Maker(seed * 1000003 + i).template(), i) for i in range(count)]
    for template, _ in rows:
        row = render(template, variables)
        if "generator object" in (row["rendered"] or "") or " at 0x" in (row["rendered"] or ""):
            continue
        del row["variables"]
        print(json.dumps(row, ensure_ascii=False))


main()
