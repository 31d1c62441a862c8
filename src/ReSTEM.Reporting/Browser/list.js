// A list of any length: only what can be seen is in the page.
const ROW_HEIGHT = 56, TALLEST = 8e6; // pixels; browsers lay out no boxes much taller than that

class List {
  constructor(store, labels, box, opened) {
    [this.store, this.labels, this.box, this.opened] = [store, labels, box, opened];
    [this.numbers, this.current] = [[], -1];
    this.inner = box.firstElementChild;
    box.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(box);
    box.addEventListener("keydown", event => this.key(event));
  }

  show(numbers, fromTop) {
    this.numbers = numbers;
    this.inner.style.height = `${Math.min(TALLEST, numbers.length * ROW_HEIGHT)}px`;
    if (fromTop) this.box.scrollTop = 0;
    this.draw();
  }

  select(number) {
    this.current = number;
    this.draw();
  }

  // Steps to another row and opens it.
  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (!step || !this.numbers.length) return;
    event.preventDefault();
    const at = Math.max(0, Math.min(this.numbers.length - 1, this.numbers.indexOf(this.current) + step));
    const top = this.topOf(at);
    if (top < this.box.scrollTop || top + ROW_HEIGHT > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = top - this.box.clientHeight / 3;
    this.opened(this.numbers[at]);
  }

  topOf(at) {
    const full = this.numbers.length * ROW_HEIGHT;
    return full <= TALLEST ? at * ROW_HEIGHT : at / this.numbers.length * TALLEST;
  }

  draw() {
    const full = this.numbers.length * ROW_HEIGHT, visible = Math.ceil(this.box.clientHeight / ROW_HEIGHT) + 1;
    const first = Math.min(Math.max(0, this.numbers.length - visible + 1), Math.floor(full <= TALLEST ? this.box.scrollTop / ROW_HEIGHT : this.box.scrollTop / TALLEST * this.numbers.length));
    const rows = [];
    for (let at = first; at < Math.min(this.numbers.length, first + visible); at++) rows.push(this.row(at));
    const focused = this.inner.contains(document.activeElement);
    this.inner.replaceChildren(...rows);
    if (focused) this.box.focus({ preventScroll: true });
  }

  row(at) {
    const number = this.numbers[at], sample = this.store.at(number), text = this.store.textNow(number);
    if (!text) this.store.text(number).then(() => this.again());
    const button = element("button", { type: "button", class: `row v${sample.verdict}`, tabindex: "-1" },
      element("span", { class: "mark", title: VERDICTS[sample.verdict][0] }, VERDICTS[sample.verdict][1]),
      element("span", { class: "what" }, sample.problem.id, element("small", {}, `${this.store.runs.length > 1 ? sample.run.name + ", " : ""}${sample.draw.label} #${sample.index}`), ...this.labels.of(number).map(label => element("b", {}, label))),
      element("span", { class: "text" }, text ? text.completion.slice(0, 160).replaceAll("\n", " \u23ce ") : "\u2026"));
    button.style.top = `${this.topOf(at)}px`;
    button.setAttribute("aria-current", number === this.current ? "true" : "false");
    button.addEventListener("click", () => this.opened(number));
    return button;
  }

  again() {
    this.waiting ??= requestAnimationFrame(() => { this.waiting = null; this.draw(); });
  }
}

// An element with attributes and children. Texts become text nodes: nothing of a model is ever read as markup.
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
