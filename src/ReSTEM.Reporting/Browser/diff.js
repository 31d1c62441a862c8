// Two texts word by word: the longest common subsequence of what is between their common beginning and end.
const MOST_CELLS = 4e6;

// Pairs of a kind (0 both, -1 the first only, 1 the second only) and a text; null where the texts are too long for that.
function difference(first, second) {
  const a = first.match(/\s+|\w+|[^\w\s]/gu) ?? [], b = second.match(/\s+|\w+|[^\w\s]/gu) ?? [];
  let start = 0, end = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const n = a.length - start - end, m = b.length - start - end;
  if (n * m > MOST_CELLS) return null;
  const parts = [], width = m + 1, lengths = new Uint32Array((n + 1) * width);
  for (let i = n - 1; i >= 0; i--) {
    for (let j = m - 1; j >= 0; j--) {
      lengths[i * width + j] = a[start + i] === b[start + j] ? lengths[(i + 1) * width + j + 1] + 1 : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  const add = (kind, text) => {
    if (parts.length && parts[parts.length - 1][0] === kind) parts[parts.length - 1][1] += text; else parts.push([kind, text]);
  };
  a.slice(0, start).forEach(word => add(0, word));
  let i = 0, j = 0;
  while (i < n || j < m) {
    if (i < n && j < m && a[start + i] === b[start + j]) { add(0, a[start + i]); i++; j++; }
    else if (j >= m || (i < n && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])) add(-1, a[start + i++]);
    else add(1, b[start + j++]);
  }
  a.slice(a.length - end).forEach(word => add(0, word));
  return parts;
}
