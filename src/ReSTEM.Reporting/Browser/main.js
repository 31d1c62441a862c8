// The state of the browser is the fragment of the address: a link shows what its sender saw.
const PREFIX = "#samples?", FILTERS = ["run", "set", "policy", "draw", "verdict", "reason", "outcome", "label", "q"];
const store = new Store(), labels = new Labels(store), search = new Search(store, labels), root = document.getElementById("samples");
const part = name => root.querySelector(`[data-part="${name}"]`);

function readState() {
  const given = location.hash.startsWith(PREFIX) ? new URLSearchParams(location.hash.slice(PREFIX.length)) : new URLSearchParams();
  return Object.fromEntries([...FILTERS, "at", "with"].map(name => [name, given.get(name) ?? ""]));
}

let state = readState(), list, detail, listed = [];

function change(changes, isStep) {
  state = { ...state, ...changes };
  const given = new URLSearchParams(Object.entries(state).filter(([, value]) => value));
  history[isStep ? "pushState" : "replaceState"](null, "", PREFIX + given);
  apply();
}

function open(first, second) {
  change({ at: first < 0 ? "" : store.nameOf(first), with: second === undefined || second < 0 || second === first ? "" : store.nameOf(second) }, true);
  if (matchMedia("(max-width: 60rem)").matches) part("detail").scrollIntoView({ behavior: "smooth", block: "start" });
}

let applied = "", turn = 0;
function apply(isShown = true) {
  fillLabels();
  part("labels").disabled = labels.given.size === 0;
  for (const name of FILTERS) part(name).value = state[name];
  const filters = JSON.stringify([...FILTERS.map(name => state[name]), ...(state.label ? [turn] : [])]);
  if (filters !== applied) {
    applied = filters;
    let isFirst = true;
    search.run(state, (numbers, isAll) => {
      listed = numbers;
      list.show(numbers, isFirst);
      isFirst = false;
      part("count").textContent = `${numbers.length.toLocaleString("en")} of ${store.count.toLocaleString("en")} samples${isAll ? "" : ", searching \u2026"}`;
      for (const form of ["csv", "jsonl"]) part(form).disabled = !isAll || numbers.length === 0;
      part("count").dataset.of = isAll ? JSON.stringify(FILTERS.map(name => state[name])) : "";
    });
  }
  const first = store.find(state.at), second = store.find(state.with);
  list.select(first);
  part("missing").hidden = !(state.at && first < 0);
  if (isShown) detail.show(first, second);
}

function fillLabels() {
  const names = labels.names();
  part("label").replaceChildren(element("option", { value: "" }, "any"), element("option", { value: ANY_LABEL }, "labelled"), ...names.map(label => element("option", { value: label }, label)));
  part("label").parentElement.hidden = names.length === 0 && !state.label;
}

// A label was given or taken away: the list shows it, and where labels are filtered it may lose the sample.
function labelled() {
  turn++;
  apply(false);
  list.draw();
}

async function takeLabels() {
  const [file] = part("take").files;
  try {
    part("taken").textContent = `${labels.take(await file.text()).toLocaleString("en")} samples labelled`;
  } catch (fault) {
    part("taken").textContent = `${file.name} cannot be read: ${fault.message}`;
  }
  part("take").value = "";
  labelled();
  detail.show(store.find(state.at), store.find(state.with));
}

function fill(name, values) {
  for (const value of values) part(name).append(element("option", { value }, value));
  if (name === "run" && values.length < 2) part(name).parentElement.hidden = true;
}

async function begin() {
  await store.open(Number(root.dataset.runs));
  const all = pick => [...new Set(store.runs.flatMap(pick))];
  fill("run", store.runs.map(run => run.name));
  fill("set", all(run => run.draws.map(draw => draw.set)));
  fill("policy", all(run => run.draws.map(draw => draw.policyName)));
  fill("draw", all(run => run.draws.map(draw => draw.label)));
  fill("verdict", VERDICTS.map(([name]) => name).filter((_, v) => store.runs.some(run => run.verdict.includes(v))));
  fill("reason", all(run => run.reasons).sort());
  list = new List(store, labels, part("list"), number => open(number));
  detail = new Detail(store, labels, part("detail"), open, labelled);
  let pause;
  for (const name of FILTERS) {
    part(name).addEventListener(name === "q" ? "input" : "change", () => {
      clearTimeout(pause);
      pause = setTimeout(() => change(Object.fromEntries(FILTERS.map(each => [each, part(each).value]))), name === "q" ? 150 : 0);
    });
  }
  part("clear").addEventListener("click", () => change(Object.fromEntries(FILTERS.map(name => [name, ""]))));
  for (const form of ["csv", "jsonl"]) part(form).addEventListener("click", () => save(store, labels, listed, form));
  part("labels").addEventListener("click", () => saveLabels(store, labels));
  part("take").addEventListener("change", takeLabels);
  addEventListener("popstate", () => { state = readState(); apply(); });
  apply();
  if (location.hash.startsWith(PREFIX)) root.scrollIntoView();
  root.dataset.ready = "yes";
}

begin().catch(fault => { part("count").textContent = `The samples cannot be shown: ${fault.message}. A browser of 2023 or later is needed.`; });
