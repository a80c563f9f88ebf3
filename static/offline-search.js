// Search without a server, on pages that `kb export` makes: the index stands in a script of its own
// (kb/search/portable.py), because a page opened from disk may fetch nothing. `waypost.index(data)`
// gives a function from words to results, best first; the ranking is the server's, without its look
// at where words stand in the whole text.
globalThis.waypost = globalThis.waypost ?? {};

waypost.index = (data) => {
  const CUT = 0.25, FILLER = 0.2, JOINED = 0.5, NEAR = 40, PAIR = 1.2, MOST_WORDS = 48;
  const STEP = 8, LONGEST = 64;
  const value = (code) => code - 35 - (code > 60) - (code > 92);
  const stop = new Set(data.stop.split(" "));
  const fillers = new Set(data.fillers.split(" "));
  const number = new Map(), spelt = new Map(), same = new Map();
  const starts = [0], docs = [], worth = [], rarity = [];

  const fold = (word) => word.normalize("NFD").replace(/\p{M}/gu, "").normalize("NFC");
  const more = (map, key, one) => map.has(key) ? map.get(key).push(one) : map.set(key, [one]);

  function numbers(text) {
    const found = [];
    let sum = 0, scale = 1;
    for (let at = 0; at < text.length; at++) {
      const part = value(text.charCodeAt(at));
      sum += (part % 40) * scale;
      scale *= 40;
      if (part < 40) {
        found.push(sum);
        sum = 0;
        scale = 1;
      }
    }
    return found;
  }

  let before = "";
  for (const line of data.terms ? data.terms.split("\n") : []) {
    const [head, ...forms] = line.split("|");
    const term = before.slice(0, value(head.charCodeAt(0))) + head.slice(1);
    number.set(term, number.size);
    for (const form of forms) {
      const [, away, rest] = /^(\d*)(.*)$/s.exec(form);
      more(spelt, term.slice(0, term.length - Number(away)) + rest, term);
    }
    before = term;
  }
  for (const [said, meant, weight] of data.same) more(same, said, [meant.split(" "), weight]);
  const gaps = numbers(data.gaps);
  let place = 0;
  for (const count of numbers(data.counts)) {
    const often = Math.log(data.docs.length / (count + 1)) + 1;
    for (let doc = -1, end = place + count; place < end; place++) {
      doc += gaps[place];
      docs.push(doc);
      worth.push((value(data.worth.charCodeAt(place)) / STEP) * often);
    }
    rarity.push(often);
    starts.push(place);
  }

  // What counts as a word and what stands for it: the same steps as kb/search/analysis.py.
  const CHUNK = /[\p{L}\p{N}]+(?:[.\-_'’/][\p{L}\p{N}]+)*/gu;
  const isWord = (word) => /^\p{L}+$/u.test(word);

  function spellings(chunk) {
    const word = chunk.toLowerCase();
    if (chunk.length > LONGEST) return word.split(/[.\-_'’/]/).filter(Boolean);
    if (isWord(word)) return [word, ...camel(chunk)];
    if (!/[.\-_'’/]/.test(word)) {
      const code = /^(?:0x|[a-z]{1,8})([0-9a-f]{4,})$/.exec(word);
      return code ? [word, code[1]] : [word];
    }
    return compound(chunk);
  }

  function camel(chunk) {
    const plain = chunk.length < 6 || chunk === chunk.toUpperCase() || chunk === chunk.toLowerCase();
    if (plain || chunk.slice(1) === chunk.slice(1).toLowerCase()) return [];
    const parts = chunk.match(/\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{N}+/gu) ?? [];
    return parts.length > 1 ? parts.map((part) => part.toLowerCase()).filter((part) => part.length > 2) : [];
  }

  function compound(chunk) {
    const parts = chunk.split(/[\-_'’/]/).filter(Boolean);
    if (parts.length === 2 && /^(?:s|t|d|m|re|ve|ll)$/i.test(parts[1])) return spellings(parts[0]);
    const joined = parts.join("").toLowerCase(), found = [];
    if (parts.length > 1 && !chunk.includes("/")) {
      found.push(joined);
      if (/[0-9]/.test(joined)) for (let n = 2; n < parts.length; n++) found.push(parts.slice(0, n).join("").toLowerCase());
    }
    for (const part of parts) found.push(...(part.includes(".") ? dotted(part) : spellings(part)));
    const kept = found.filter((word) => word.length > 1 || /^\p{N}$/u.test(word));
    return kept.length ? kept : [joined];
  }

  function dotted(part) {
    const pieces = part.split(".");
    if (pieces.slice(0, 2).every((piece) => /^[0-9]+$/.test(piece))) {
      return [part.toLowerCase(), ...pieces.slice(2).map((_, n) => pieces.slice(0, n + 2).join("."))];
    }
    return [part.toLowerCase(), ...pieces.flatMap(spellings)];
  }

  const stems = (word) => {
    if (stop.has(word)) return [];
    const plain = fold(word);
    return spelt.get(plain) ?? (number.has(plain) ? [plain] : []);
  };
  const termsOf = (chunk) => [...new Set(spellings(chunk).flatMap(stems))];
  const empty = (chunk) => spellings(chunk).every((word) => stop.has(word));

  // A word that nothing here is spelt like: what is one slip away, else what begins with it.
  function nearest(word) {
    const plain = fold(word.toLowerCase());
    if (plain.length < 4 || !isWord(plain)) return [];
    const close = new Set(), longer = new Set();
    for (const form of [...spelt.keys(), ...number.keys()]) {
      if (Math.abs(form.length - plain.length) < 2 && form[0] === plain[0] && oneSlip(form, plain)) close.add(form);
      else if (form.startsWith(plain) && longer.size < 8) longer.add(form);
    }
    return [...new Set([...(close.size ? close : longer)].flatMap(stems))].slice(0, 8);
  }

  function oneSlip(one, other) {
    if (one.length > other.length) [one, other] = [other, one];
    let at = 0;
    while (at < one.length && one[at] === other[at]) at++;
    if (one.length < other.length) return one.slice(at) === other.slice(at + 1);
    if (one.slice(at + 1) === other.slice(at + 1)) return true;
    return one[at] === other[at + 1] && one[at + 1] === other[at] && one.slice(at + 2) === other.slice(at + 2);
  }

  function weigh(words) {
    const weights = new Map(), sequence = [];
    const put = (term, weight) => weights.has(term) || weights.set(term, weight);
    const terms = words.map((word) => {
      const found = termsOf(word);
      return found.length ? found : nearest(word);
    });
    const dressed = terms.some((found) => found.length && !fillers.has(found[0]));
    for (const found of terms) {
      for (const term of found) put(term, dressed && fillers.has(found[0]) ? FILLER : 1);
      sequence.push(found[0]);
    }
    words.forEach((word, n) => {
      for (const size of [2, 3]) {
        const pieces = words.slice(n, n + size);
        if (pieces.length < size) continue;
        const joined = pieces.join("").toLowerCase();
        if (pieces.some((piece) => /[0-9]/.test(piece))) { if (number.has(joined)) put(joined, 1); }
        else if (size === 2 && pieces.every(isWord)) for (const term of termsOf(joined)) put(term, JOINED);
      }
    });
    addSame(weights, sequence);
    return { weights, sequence };
  }

  function addSame(weights, sequence) {
    const gained = new Map();
    sequence.forEach((_, first) => {
      for (let size = 1; size <= 5 && first + size <= sequence.length; size++) {
        const said = sequence.slice(first, first + size);
        for (const [meant, weight] of same.get(said.join(" ")) ?? []) {
          const most = Math.max(...said.map((term) => rarity[number.get(term)] ?? 0));
          for (const term of meant) {
            const counts = weight * Math.min(1, most / rarity[number.get(term)]);
            if (counts > (gained.get(term) ?? 0)) gained.set(term, counts);
          }
        }
      }
    });
    for (const [term, weight] of gained) if (!weights.has(term)) weights.set(term, weight);
  }

  // Words that follow each other in the query and in title or summary too say more than apart.
  function rewardPairs(scores, best, sequence) {
    const pairs = new Map();
    for (let n = 1; n < sequence.length; n++) {
      const [one, other] = [sequence[n - 1], sequence[n]];
      if (one && other && one !== other) {
        pairs.set(`${one} ${other}`, Math.min(rarity[number.get(one)], rarity[number.get(other)]));
      }
    }
    if (!pairs.size) return;
    const having = new Map();
    for (const doc of best) {
      const { title, summary } = data.docs[doc];
      const terms = (`${title}\n${summary}`.match(CHUNK) ?? []).filter((c) => !empty(c)).map((c) => termsOf(c)[0]);
      const found = new Set(terms.map((term, n) => `${terms[n - 1]} ${term}`).filter((pair) => pairs.has(pair)));
      for (const pair of found) more(having, pair, doc);
    }
    for (const [pair, found] of having) {
      const gain = PAIR * pairs.get(pair) * (1 - found.length / (best.length + 1));
      for (const doc of found) scores[doc] += gain;
    }
  }

  const ordered = (scores, least) => [...scores.keys()]
    .filter((doc) => scores[doc] >= least)
    .sort((one, other) => scores[other] - scores[one] || one - other);

  return (text) => {
    const words = (text.normalize("NFC").slice(0, 1000).match(CHUNK) ?? []).filter((c) => !empty(c)).slice(0, MOST_WORDS);
    const { weights, sequence } = weigh(words);
    const scores = new Float64Array(data.docs.length);
    for (const [term, weight] of weights) {
      const n = number.get(term);
      for (let at = starts[n]; at < starts[n + 1]; at++) scores[docs[at]] += worth[at] * weight;
    }
    data.docs.forEach((doc, n) => { scores[n] *= doc.factor; });
    const least = () => Math.max(Math.max(0, ...scores) * CUT, 1e-6);
    rewardPairs(scores, ordered(scores, least()).slice(0, NEAR), sequence);
    return ordered(scores, least()).map((doc) => ({ ...data.docs[doc], score: scores[doc] }));
  };
};
