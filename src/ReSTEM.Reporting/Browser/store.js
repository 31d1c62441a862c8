// The data of the page: unpacked when it is needed, kept afterwards. A sample is a number over all runs.
const VERDICTS = [["Correct", "\u2713"], ["Incorrect", "\u2717"], ["Unparsable", "?"], ["LimitExceeded", "\u29d6"], ["Unsupported", "\u2013"], ["VerifierFailed", "!"]];
const SAMPLES_PER_BLOCK = 512, PROBLEMS_PER_BLOCK = 256;

// The program runs when its own place in the page is reached: what stands before it is there, the rest when all has been read.
const ahead = new Set(Array.from(document.querySelectorAll("script[id]"), block => block.id));
const whole = new Promise(done => document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", done, { once: true }) : done());

async function unpack(id) {
  if (!ahead.has(id)) await whole;
  const text = document.getElementById(id).textContent;
  const letters = atob(text), bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

class Store {
  constructor() { this.runs = []; this.count = 0; this.blocks = new Map(); }

  async open(runCount) {
    for (let r = 0; r < runCount; r++) {
      const run = await unpack(`run${r}-index`);
      run.first = this.count;
      run.length = run.draw.length;
      this.count += run.length;
      this.runs.push(run);
      this.group(run);
    }
  }

  // Samples by problem, and what became of each problem from the first policy to the best one.
  group(run) {
    run.samplesOf = run.problems.map(() => []);
    for (let i = 0; i < run.length; i++) run.samplesOf[run.problem[i]].push(i);
    run.numberOf = new Map(run.problems.map((problem, p) => [problem.set + "\n" + problem.id, p]));
    const ends = new Map();
    for (const draw of run.draws) {
      const end = ends.get(draw.set) ?? { first: Infinity, last: -1, hasBest: false };
      ends.set(draw.set, {
        first: Math.min(end.first, draw.policy), last: Math.max(end.last, draw.policy), hasBest: end.hasBest || (run.best > 0 && draw.policy === run.best),
      });
    }
    run.outcome = run.problems.map((problem, p) => {
      const end = ends.get(problem.set), last = end.hasBest ? run.best : end.last;
      let atFirst = false, atLast = false, ever = false;
      for (const i of run.samplesOf[p]) {
        if (run.verdict[i] !== 0) continue;
        const policy = run.draws[run.draw[i]].policy;
        ever = true;
        atFirst ||= policy === end.first;
        atLast ||= policy === last;
      }
      return { solved: atLast, gained: atLast && !atFirst, lost: atFirst && !atLast, never: !ever };
    });
  }

  at(number) {
    const run = this.runs.findLast(run => run.first <= number), i = number - run.first, draw = run.draws[run.draw[i]], problem = run.problems[run.problem[i]];
    return {
      number, run, i, draw, problem, problemNumber: run.problem[i], index: run.index[i], verdict: run.verdict[i], reason: run.reasons[run.reason[i]],
      ref: `${draw.iteration}/${draw.name}/${problem.id}#${run.index[i]}`,
    };
  }

  // The number of a sample by its name, which stays the same however many samples a page has; -1 for none.
  find(name) {
    if (!name) return -1;
    const run = this.runs.length === 1 ? this.runs[0] : this.runs.find(run => name.startsWith(run.name + ":"));
    if (!run) return -1;
    const ref = this.runs.length === 1 ? name : name.slice(run.name.length + 1);
    const hash = ref.lastIndexOf("#"), index = Number(ref.slice(hash + 1));
    for (const [d, draw] of run.draws.entries()) {
      const prefix = `${draw.iteration}/${draw.name}/`;
      const p = ref.startsWith(prefix) ? run.numberOf.get(draw.set + "\n" + ref.slice(prefix.length, hash)) : undefined;
      const i = p === undefined ? undefined : run.samplesOf[p].find(i => run.draw[i] === d && run.index[i] === index);
      if (i !== undefined) return run.first + i;
    }
    return -1;
  }

  nameOf(number) {
    const sample = this.at(number);
    return this.runs.length === 1 ? sample.ref : `${sample.run.name}:${sample.ref}`;
  }

  block(id) {
    if (!this.blocks.has(id)) {
      const entry = { rows: null };
      entry.ready = unpack(id).then(rows => { entry.rows = rows; return rows; });
      this.blocks.set(id, entry);
    }
    return this.blocks.get(id);
  }

  blockOf(number) {
    const { run, i } = this.at(number);
    return this.block(`run${this.runs.indexOf(run)}-samples${Math.floor(i / SAMPLES_PER_BLOCK)}`);
  }

  // Of a sample whose block is unpacked; null before.
  textNow(number) {
    const rows = this.blockOf(number).rows;
    return rows && row(rows[this.at(number).i % SAMPLES_PER_BLOCK]);
  }

  async text(number) {
    await this.blockOf(number).ready;
    return this.textNow(number);
  }

  async problem(run, p) {
    const rows = await this.block(`run${this.runs.indexOf(run)}-problems${Math.floor(p / PROBLEMS_PER_BLOCK)}`).ready;
    const [prompt, reference, facts] = rows[p % PROBLEMS_PER_BLOCK];
    return { prompt, reference, facts };
  }
}

function row([completion, answer, details, end, tokens, logProbability, count, weight]) {
  return { completion, answer, details, end, tokens, logProbability, count, weight };
}
