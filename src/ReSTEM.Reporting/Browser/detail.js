// One problem with one completion, or two side by side.
class Detail {
  constructor(store, labels, box, chosen, labelled) { [this.store, this.labels, this.box, this.chosen, this.labelled, this.turn] = [store, labels, box, chosen, labelled, 0]; }

  async show(first, second) {
    const turn = ++this.turn;
    if (first < 0) {
      this.box.replaceChildren(element("p", { class: "none" }, "Choose a sample from the list."));
      return;
    }
    const sample = this.store.at(first), problem = await this.store.problem(sample.run, sample.problemNumber);
    const texts = [await this.store.text(first), second < 0 ? null : await this.store.text(second)];
    if (turn !== this.turn) return; // something else was chosen meanwhile
    const parts = texts[1] ? difference(texts[0].completion, texts[1].completion) : null;
    const peers = this.peers(sample);
    this.box.replaceChildren(
      element("h3", {}, sample.problem.id, " ", element("small", {}, [`set ${sample.problem.set}`, problem.facts].filter(Boolean).join(", "))),
      element("pre", { class: "prompt" }, problem.prompt || "The prompt is not in this page."),
      ...(problem.reference ? [element("p", { class: "reference" }, "Reference: ", element("code", {}, problem.reference))] : []),
      this.suggestions(sample, peers, first),
      element("div", { class: texts[1] ? "panes two" : "panes" },
        this.pane("Completion", first, texts[0], parts, -1, peers, number => this.chosen(number, second)),
        this.other(second, texts[1], parts, peers, number => this.chosen(first, number))),
      ...(texts[1] && !parts ? [element("p", { class: "none" }, "These completions are too long to be compared word by word.")] : []));
  }

  // All samples of the same problem, of every run.
  peers(sample) {
    return this.store.runs.flatMap(run => {
      const p = run.numberOf.get(sample.problem.set + "\n" + sample.problem.id);
      return p === undefined ? [] : run.samplesOf[p].map(i => run.first + i);
    });
  }

  // The first policy beside the best one: what an iteration changed.
  suggestions(sample, peers, first) {
    const here = peers.map(number => this.store.at(number)).filter(peer => peer.run === sample.run && peer.draw.name === sample.draw.name && peer.index === sample.index);
    const ends = here.toSorted((a, b) => a.draw.policy - b.draw.policy), best = sample.run.best;
    const last = (best > 0 && ends.findLast(peer => peer.draw.policy === best)) || ends.at(-1);
    const line = element("p", { class: "suggestions" });
    const right = peers.filter(number => this.store.at(number).verdict === 0).length;
    line.append(`${right} of ${peers.length} completions of this problem are correct. `);
    if (ends.length > 1 && ends[0] !== last) {
      const button = element("button", { type: "button" }, `${ends[0].draw.policyName} beside ${last.draw.policyName}`);
      button.addEventListener("click", () => this.chosen(ends[0].number, last.number));
      line.append(button);
    }
    const other = peers.find(number => number !== first && (this.store.at(number).verdict === 0) !== (sample.verdict === 0));
    if (other !== undefined) {
      const button = element("button", { type: "button" }, sample.verdict === 0 ? "beside one that is not correct" : "beside a correct one");
      button.addEventListener("click", () => this.chosen(first, other));
      line.append(button);
    }
    return line;
  }

  other(number, text, parts, peers, chosen) {
    return text ? this.pane("Beside", number, text, parts, 1, peers, chosen) : element("div", { class: "pane" }, this.select("Compare with", -1, peers, chosen));
  }

  pane(name, number, text, parts, side, peers, chosen) {
    const sample = this.store.at(number), details = element("dl", { class: "details" });
    const fact = (term, value) => details.append(element("div", {}, element("dt", {}, term), element("dd", {}, value)));
    if (text.answer && !text.details.some((name, d) => d % 2 === 0 && name === "answer")) fact("answer", text.answer);
    for (let d = 0; d < text.details.length; d += 2) fact(text.details[d], text.details[d + 1]);
    fact("drawn", `${text.tokens} tokens, ${text.end}, log-probability ${text.logProbability}`);
    if (text.count !== undefined) fact("kept", `drawn ${text.count} times, weight ${text.weight}`);
    const completion = element("pre", { class: "completion" });
    if (parts) {
      for (const [kind, part] of parts) {
        if (kind === 0) completion.append(part);
        if (kind === side) completion.append(element(side < 0 ? "del" : "ins", {}, part));
      }
    } else completion.append(text.completion || "(empty)");
    return element("div", { class: "pane" }, this.select(name, number, peers, chosen),
      element("p", { class: `verdict v${sample.verdict}` }, element("span", { class: "mark" }, VERDICTS[sample.verdict][1]), ` ${VERDICTS[sample.verdict][0]}: ${sample.reason}`),
      this.labels.box(number, this.labelled), completion, details, element("p", { class: "name" }, element("code", {}, this.store.nameOf(number))));
  }

  select(name, number, peers, chosen) {
    const select = element("select", {}), groups = new Map();
    if (name !== "Completion") select.append(element("option", { value: "-1" }, number < 0 ? "none" : "nothing"));
    for (const peer of peers) {
      const sample = this.store.at(peer), label = (this.store.runs.length > 1 ? sample.run.name + ": " : "") + sample.draw.label;
      if (!groups.has(label)) {
        groups.set(label, element("optgroup", { label }));
        select.append(groups.get(label));
      }
      groups.get(label).append(element("option", { value: String(peer) }, `${sample.draw.label} #${sample.index} ${VERDICTS[sample.verdict][1]} ${VERDICTS[sample.verdict][0]}`));
    }
    select.value = String(number);
    select.addEventListener("change", () => chosen(Number(select.value)));
    return element("label", {}, name, select);
  }
}
