// What people say of samples: words of their own, kept by this browser under the sample's name, and saved as rows.
const LABELS_AT = "restem-labels", LONGEST_LABEL = 60;

class Labels {
  constructor(store) {
    this.store = store;
    try {
      this.given = new Map(Object.entries(JSON.parse(localStorage.getItem(LABELS_AT) ?? "{}")));
    } catch { // forbidden, or not ours: they last as long as the page
      this.given = new Map();
    }
  }

  key(number) {
    const sample = this.store.at(number);
    return `${sample.run.name}:${sample.ref}`;
  }

  of(number) { return this.given.get(this.key(number)) ?? []; }

  // Every label of this page's samples, by name.
  names() {
    const names = new Set();
    for (const run of this.store.runs) for (const [key, labels] of this.given) if (key.startsWith(run.name + ":")) labels.forEach(label => names.add(label));
    return [...names].sort();
  }

  set(key, labels) {
    if (labels.length) this.given.set(key, labels); else this.given.delete(key);
  }

  toggle(number, label) {
    const labels = this.of(number);
    this.set(this.key(number), labels.includes(label) ? labels.filter(each => each !== label) : [...labels, label].sort());
    this.keep();
  }

  keep() {
    try {
      localStorage.setItem(LABELS_AT, JSON.stringify(Object.fromEntries(this.given)));
    } catch { /* they last as long as the page */ }
  }

  // Rows of a file that was saved before; gives how many samples of this page got labels.
  take(text) {
    let taken = 0;
    for (const line of text.split("\n")) {
      if (!line.trim()) continue;
      const { run, id, labels } = JSON.parse(line);
      if (typeof run !== "string" || typeof id !== "string" || !Array.isArray(labels)) throw new Error(`a row is ${line.slice(0, 80)}, expected one with run, id and labels`);
      const number = this.store.find(this.store.runs.length === 1 ? id : `${run}:${id}`);
      if (number < 0 || this.store.at(number).run.name !== run) continue;
      this.set(this.key(number), [...new Set([...this.of(number), ...labels.map(label => String(label).slice(0, LONGEST_LABEL))])].sort());
      taken++;
    }
    this.keep();
    return taken;
  }

  // One sample's labels, to switch on and off, and a field for a new one.
  box(number, changed) {
    const box = element("p", { class: "labels screen" }), own = this.of(number);
    const put = label => { this.toggle(number, label); box.replaceWith(this.box(number, changed)); changed(); };
    for (const label of this.names()) {
      const button = element("button", { type: "button", "aria-pressed": String(own.includes(label)) }, label);
      button.addEventListener("click", () => put(label));
      box.append(button);
    }
    const field = element("input", { placeholder: "label \u2026", maxlength: String(LONGEST_LABEL), "aria-label": "New label of this sample" });
    field.addEventListener("keydown", event => {
      const label = field.value.trim();
      if (event.key === "Enter" && label) own.includes(label) ? (field.value = "") : put(label);
    });
    box.append(field);
    return box;
  }
}
