// Walking a tree in the browser: the same replay of answers as kb/rules/walk.py, for pages that have no
// server behind them. `data` is what kb/rules/tree_data.py writes. A test walks all paths with both.
globalThis.waypost = globalThis.waypost ?? {};

waypost.typed = (() => {
  const LONGEST = 200;
  const LONG_CODE = 6;
  const MOST_PIECES = 4;
  const WRITTEN = /(?:^|[^0-9A-Z])((?=[A-Z-]*[0-9])[0-9A-Z](?:[0-9A-Z]|-(?=[0-9A-Z])){2,23})(?![0-9A-Z])/g;
  const VERSION = /^(?:v|ver\.?|version|versión)?\s*([0-9]{1,6}(?:\.[0-9]{1,6}){0,3})$/iu;
  const bad = (problem) => ({ problem });

  const pieces = (text) => text.toUpperCase().match(/[0-9A-Z]+/g) ?? [];

  // kb/rules/typed_codes.py: what two spellings of one code share.
  function bare(code) {
    const plain = pieces(code).join("").replace(/[OIL]/g, (letter) => (letter === "O" ? "0" : "1"));
    return plain.replace(/^0X(?=.)/, "");
  }

  function spellings(known) {
    const spelt = new Map();
    const put = (form, code) => spelt.has(form) || spelt.set(form, code);
    for (const code of known) put(bare(code), code);
    for (const [form, code] of [...spelt]) {
      if (/^[A-Z]/.test(form) && form.length > LONG_CODE && /^[0-9A-F]+$/.test(form.slice(1))) put(form.slice(1), code);
    }
    return spelt;
  }

  // Every word in its bare form, and neighbours written as one.
  function tries(text) {
    const words = pieces(text);
    return words.flatMap((word, first) => {
      const joined = [];
      for (let end = first + 2; end <= Math.min(first + MOST_PIECES, words.length); end += 1) {
        joined.push(bare(words.slice(first, end).join("")));
      }
      return [bare(word), ...joined.filter((one) => one.length >= LONG_CODE)];
    });
  }

  function codeIn(text, known) {
    const spelt = spellings(known);
    const found = tries(text).filter((one) => spelt.has(one)).reduce((best, one) => (one.length > best.length ? one : best), "");
    if (found) return spelt.get(found);
    const written = [...text.toUpperCase().matchAll(WRITTEN)].map((one) => one[1]).filter((one) => !/^[0-9]{1,4}-[0-9]{1,2}-[0-9]{1,4}$/.test(one));
    return written.find((one) => one.length >= 5 && /[A-Z]/.test(one)) ?? written[0] ?? bad("not-a-code");
  }

  function canonical(kind, text) {
    if (kind === "version") return VERSION.exec(text)?.[1] ?? bad("not-a-version");
    return kind === "number" ? decimal(text) : day(text);
  }

  function decimal(text) {
    if (/^[1-9][0-9]{0,2}(?:[.,\s][0-9]{3})+$/u.test(text)) return bad("thousands");
    const found = /^([0-9]{1,12})(?:[.,]([0-9]{1,6}))?$/.exec(text);
    if (!found) return bad("not-a-number");
    const part = (found[2] ?? "").replace(/0+$/, "");
    return found[1].replace(/^0+(?=[0-9])/, "") + (part && `.${part}`);
  }

  function day(text) {
    const iso = /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})$/.exec(text);
    const dayFirst = /^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})$/.exec(text);
    const [year, month, date] = iso ? iso.slice(1).map(Number) : (dayFirst ?? []).slice(1).reverse().map(Number);
    const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
    const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
    if (!(year >= 1 && days && date >= 1 && date <= days)) return bad("not-a-date");
    return [String(year).padStart(4, "0"), String(month).padStart(2, "0"), String(date).padStart(2, "0")].join("-");
  }

  // A text for each value whose order is that of the values.
  function size(kind, value) {
    if (kind === "date") return value;
    if (kind === "number") {
      const [whole, part = ""] = value.split(".");
      return whole.replace(/^0+(?=.)/, "").padStart(15, "0") + part.padEnd(12, "0");
    }
    return value.split(".").map((part) => part.replace(/^0+(?=.)/, "").padStart(12, "0")).join(".").replace(/(?:\.0{12})+$/, "");
  }

  const same = (kind, value) => (kind === "error-code" ? bare(value) : size(kind, value));

  function read(node, typed) {
    const text = [...typed].slice(0, LONGEST).join("").split(/\s+/u).filter(Boolean).join(" ");
    if (!text) return node.optional ? "" : bad("empty");
    if (node.input === "error-code") return codeIn(text, node.routes.flatMap((route) => route.values ?? []));
    const value = canonical(node.input, text);
    if (typeof value !== "string") return value;
    if (node.whole && node.input === "number" && value.includes(".")) return bad("not-whole");
    if (node.lowest && size(node.input, value) < size(node.input, node.lowest)) return bad("too-low");
    if (node.highest && size(node.input, value) > size(node.input, node.highest)) return bad("too-high");
    return value;
  }

  function holds(kind, { values, least, below }, value) {
    if (values && !values.some((one) => same(kind, one) === same(kind, value))) return false;
    if (least && size(kind, value) < size(kind, least)) return false;
    return !below || size(kind, value) < size(kind, below);
  }

  return { read, holds };
})();

waypost.walk = (data, answers, product = "") => {
  const without = new Set(data.without[product] ?? []);
  const node = (spot) => data.trees[spot.tree].nodes[spot.id];
  const at = (spot, id) => ({ ...spot, id });
  const place = (spot) => `${spot.tree}/${spot.id}`;

  // On to a node where a walk can stand: into used trees, back out, past what the product lacks.
  function settle(spot) {
    for (;;) {
      const here = node(spot);
      if (here.kind === "subtree") {
        const callers = here.then ? [...spot.callers, at(spot, here.then)] : spot.callers;
        spot = { tree: here.use, id: data.trees[here.use].start, prefix: `${spot.prefix}${spot.id}.`, callers };
      } else if (here.kind === "return" && spot.callers.length) {
        const back = spot.callers.at(-1);
        spot = { ...back, callers: spot.callers.slice(0, -1) };
      } else if (here.kind === "step" && without.has(place(spot))) spot = at(spot, here.no);
      else return spot;
    }
  }

  // An answer that fits its node as {value, go}; {problem} for a bad one; null for no answer to it.
  function given(spot, typed) {
    const here = node(spot);
    if (here.kind === "input") {
      const value = waypost.typed.read(here, typed);
      if (typeof value !== "string") return value;
      const route = here.routes.slice(0, -1).find((one) => value && waypost.typed.holds(here.input, one, value));
      return { value, go: (route ?? here.routes.at(-1)).go };
    }
    if (here.kind === "question") {
      const known = Object.hasOwn(here.options, typed) && !without.has(`${place(spot)}/${typed}`);
      if (known) return { value: typed, go: here.options[typed] };
      return typed.trim() ? null : { problem: "empty" };
    }
    if (typed !== "yes" && typed !== "no") return null;
    return { value: typed, go: here[typed] ?? null };
  }

  const trail = [];
  let spot = settle({ tree: data.tree, id: data.trees[data.tree].start, prefix: "", callers: [] });
  for (;;) {
    const key = spot.prefix + spot.id;
    const asked = ["question", "input", "step", "article"].includes(node(spot).kind);
    if (!asked || !Object.hasOwn(answers, key)) return { key, place: place(spot), trail };
    const found = given(spot, answers[key]);
    if (!found || found.problem) {
      return { key, place: place(spot), trail, typed: answers[key], problem: found?.problem };
    }
    trail.push({ key, place: place(spot), value: found.value });
    if (found.go === null) {
      const outcome = found.value === "yes" ? "solved" : "unsolved";
      return { key: `${key}.${found.value}`, place: place(spot), trail, outcome };
    }
    spot = settle(at(spot, found.go));
  }
};
