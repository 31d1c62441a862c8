// What is listed, as a file: made in the page, sent nowhere.
const COLUMNS = ["run", "id", "problem_id", "set", "iteration", "draw", "index", "verdict", "reason", "answer", "completion"];

async function save(store, numbers, form) {
  const lines = form === "csv" ? [COLUMNS.join(",") + "\r\n"] : [];
  for (const number of numbers) {
    const sample = store.at(number), text = await store.text(number);
    const values = {
      run: sample.run.name, id: sample.ref, problem_id: sample.problem.id, set: sample.problem.set, iteration: sample.draw.iteration, draw: sample.draw.name,
      index: sample.index, verdict: VERDICTS[sample.verdict][0], reason: sample.reason, answer: text.answer, completion: text.completion,
    };
    lines.push(form === "csv" ? COLUMNS.map(column => cell(values[column])).join(",") + "\r\n" : JSON.stringify(values) + "\n");
  }
  const link = element("a", { href: URL.createObjectURL(new Blob(lines, { type: form === "csv" ? "text/csv" : "application/jsonl" })), download: `samples.${form}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// As RFC 4180 has it. A text that a spreadsheet would compute gets an apostrophe before it.
function cell(value) {
  const text = typeof value === "string" && /^[=+@\t\r]|^-(?![\d.]+$)/.test(value) ? "'" + value : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
