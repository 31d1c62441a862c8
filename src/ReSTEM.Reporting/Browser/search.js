// What the filters leave. The columns decide at once; texts are searched block by block, so that the page stays alive.
const ANY_LABEL = "*";

class Search {
  constructor(store, labels) { [this.store, this.labels, this.turn] = [store, labels, 0]; }

  // Calls back with the numbers that are found so far, and whether that is all of them. A newer search ends an older one.
  async run(state, told) {
    const turn = ++this.turn, found = this.byColumns(state), words = (state.q ?? "").toLowerCase();
    if (!words) return told(found, true);
    const problems = await this.problemsWith(words), hits = [];
    if (turn !== this.turn) return;
    let shown = performance.now();
    for (const number of found) {
      const block = this.store.blockOf(number);
      if (!block.rows) {
        await block.ready;
        if (turn !== this.turn) return;
      }
      const sample = this.store.at(number), text = this.store.textNow(number);
      if (problems.has(sample.run.problems[sample.problemNumber]) || text.completion.toLowerCase().includes(words) || text.answer.toLowerCase().includes(words)) hits.push(number);
      if (performance.now() - shown > 50) {
        told(hits, false);
        await new Promise(next => setTimeout(next));
        if (turn !== this.turn) return;
        shown = performance.now();
      }
    }
    told(hits, true);
  }

  byColumns(state) {
    const found = [];
    for (const run of this.store.runs) {
      if (state.run && run.name !== state.run) continue;
      const draws = run.draws.map(draw => (!state.set || draw.set === state.set) && (!state.policy || draw.policyName === state.policy) && (!state.draw || draw.label === state.draw));
      const verdict = VERDICTS.findIndex(([name]) => name === state.verdict), reason = state.reason ? run.reasons.indexOf(state.reason) : -1;
      const outcomes = state.outcome ? run.outcome.map(outcome => outcome[state.outcome] === true) : null;
      for (let i = 0; i < run.length; i++) {
        if (draws[run.draw[i]] && (verdict < 0 || run.verdict[i] === verdict) && (!state.reason || run.reason[i] === reason) && (!outcomes || outcomes[run.problem[i]])
          && (!state.label || this.has(run.first + i, state.label))) {
          found.push(run.first + i);
        }
      }
    }
    return found;
  }

  has(number, label) {
    const labels = this.labels.of(number);
    return label === ANY_LABEL ? labels.length > 0 : labels.includes(label);
  }

  async problemsWith(words) {
    const hits = new Set();
    for (const run of this.store.runs) {
      for (const [p, problem] of run.problems.entries()) {
        const { prompt } = await this.store.problem(run, p);
        if (problem.id.toLowerCase().includes(words) || prompt.toLowerCase().includes(words)) hits.add(problem);
      }
    }
    return hits;
  }
}
