// What is listed, as a file: made in the page, sent nowhere.
const COLUMNS = ["run", "id", "problem_id", "set", "iteration", "draw", "index", "verdict", "reason", "answer", "completion", "labels"];

async function save(store, labels, numbers, form) {
  const lines = form === "csv" ? [COLUMNS.join(",") + "\r\n"] : [];
  for (const number of numbers) {
    const sample = store.at(number), text = await store.text(number);
    const values = {
      run: sample.run.name, id: sample.ref, problem_id: sample.problem.id, set: sample.problem.set, iteration: sample.draw.iteration, draw: sample.draw.name,
      index: sample.index, verdict: VERDICTS[sample.verdict][0], reason: sample.reason, answer: text.answer, completion: text.completion,
      labels: form === "csv" ? labels.of(number).join("; ") : labels.of(number),
    };
    lines.push(form === "csv" ? COLUMNS.map(column => cell(values[column])).join(",") + "\r\n" : JSON.stringify(values) + "\n");
  }
  download(lines, form === "csv" ? "text/csv" : "application/jsonl", `samples.${form}`);
}

// All labels of this page's samples, whatever is listed: by the sample's address, so that they are found again in another report of the run.
function saveLabels(store, labels) {
  const lines = [];
  for (let number = 0; number < store.count; number++) {
    const sample = store.at(number), own = labels.of(number);
    if (own.length) lines.push(JSON.stringify({ run: sample.run.name, id: sample.ref, problem_id: sample.problem.id, labels: own }) + "\n");
  }
  download(lines, "application/jsonl", "labels.jsonl");
}

function download(lines, type, name) {
  const link = element("a", { href: URL.createObjectURL(new Blob(lines, { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// As RFC 4180 has it. A text that a spreadsheet would compute gets an apostrophe before it.
function cell(value) {
  const text = typeof value === "string" && /^[=+@\t\r]|^-(?![\d.]+$)/.test(value) ? "'" + value : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
