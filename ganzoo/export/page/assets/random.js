// NumPy's numbers: Generator(PCG64(seed)).standard_normal(n, dtype=float32), bit for bit.
//
// SeedSequence (M. O'Neill's seed_seq_fe), PCG XSL RR 128/64 (O'Neill 2014, HMC-CS-2014-0905) and
// the ziggurat of Marsaglia and Tsang 2000 with 256 layers, as NumPy has them.

const MASK32 = 0xffffffffn;
const MASK64 = (1n << 64n) - 1n;
const MASK128 = (1n << 128n) - 1n;

// Returns n words of 32 bits that a seed (a BigInt >= 0) is spread over.
function seedWords(seed, n) {
  const entropy = [];
  for (let rest = seed; rest > 0n || !entropy.length; rest >>= 32n) entropy.push(Number(rest & MASK32));
  let hash = 0x43b0d7e5;
  function mixed(value) {
    let word = (value ^ hash) >>> 0;
    hash = Math.imul(hash, 0x931e8875) >>> 0;
    word = Math.imul(word, hash) >>> 0;
    return (word ^ (word >>> 16)) >>> 0;
  }
  function joined(x, y) {
    const word = (Math.imul(x, 0xca01f9dd) - Math.imul(y, 0x4973f715)) >>> 0;
    return (word ^ (word >>> 16)) >>> 0;
  }
  const pool = [0, 1, 2, 3].map((i) => mixed(i < entropy.length ? entropy[i] : 0));
  for (let from = 0; from < 4; from++) {
    for (let to = 0; to < 4; to++) if (from !== to) pool[to] = joined(pool[to], mixed(pool[from]));
  }
  for (let from = 4; from < entropy.length; from++) {
    for (let to = 0; to < 4; to++) pool[to] = joined(pool[to], mixed(entropy[from]));
  }
  let out = 0x8b51f9dd;
  return Array.from({ length: n }, (_, i) => {
    let word = (pool[i % 4] ^ out) >>> 0;
    out = Math.imul(out, 0x58f38ded) >>> 0;
    word = Math.imul(word, out) >>> 0;
    return (word ^ (word >>> 16)) >>> 0;
  });
}

class PCG64 {
  static MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;

  constructor(seed) {
    const words = seedWords(BigInt(seed), 8).map(BigInt);
    const [high, low, highStream, lowStream] = [0, 2, 4, 6].map((i) => words[i] | (words[i + 1] << 32n));
    this.increment = ((((highStream << 64n) | lowStream) << 1n) | 1n) & MASK128;
    this.state = this.increment; // a step from 0
    this.state = (this.state + ((high << 64n) | low)) & MASK128;
    this.step();
    this.kept = -1; // the upper half of the last 64 bits, until it is used
  }

  step() {
    this.state = (this.state * PCG64.MULTIPLIER + this.increment) & MASK128;
  }

  // Returns the next 32 bits: the lower half of 64 first.
  next() {
    if (this.kept >= 0) {
      const word = this.kept;
      this.kept = -1;
      return word;
    }
    this.step();
    const folded = ((this.state >> 64n) ^ this.state) & MASK64;
    const turn = this.state >> 122n;
    const word = ((folded >> turn) | (folded << (64n - turn))) & MASK64;
    this.kept = Number(word >> 32n);
    return Number(word & MASK32);
  }

  // Returns a number in [0, 1) with 24 bits.
  uniform() {
    return (this.next() >>> 8) / 16777216;
  }
}

const TAIL = 3.654152885361009; // where the lowest layer ends

// Returns the layers: factors, limits and heights, in single precision as NumPy keeps them.
function zigguratTables() {
  const edges = new Float64Array(257);
  const height = (x) => Math.exp(-0.5 * x * x);
  const area = 0.004928673233974655; // of each layer, the tail in the lowest
  edges[255] = TAIL;
  for (let i = 254; i > 0; i--) {
    edges[i] = Math.sqrt(-2 * Math.log(area / edges[i + 1] + height(edges[i + 1])));
  }
  edges[0] = area / height(TAIL);
  const scale = 1 << 23;
  const factors = new Float32Array(256), heights = new Float32Array(256), limits = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    factors[i] = edges[i] / scale;
    heights[i] = i ? height(edges[i]) : 1;
    limits[i] = i === 1 ? 0 : Math.round(((i ? edges[i - 1] : TAIL) / edges[i]) * scale);
  }
  return { factors, limits, heights };
}

const ZIGGURAT = zigguratTables();

function nextNormal(source) {
  const { factors, limits, heights } = ZIGGURAT;
  const single = Math.fround;
  for (;;) {
    const bits = source.next();
    const layer = bits & 0xff, size = (bits >>> 9) & 0x7fffff;
    const x = single(size * factors[layer]) * ((bits >>> 8) & 1 ? -1 : 1);
    if (size < limits[layer]) return x;
    if (layer === 0) {
      for (;;) {
        const beyond = single(single(-1 / TAIL) * single(Math.log1p(-source.uniform())));
        const y = single(-Math.log1p(-source.uniform()));
        if (single(y + y) > single(beyond * beyond)) {
          const made = single(single(TAIL) + beyond);
          return (size >>> 8) & 1 ? -made : made;
        }
      }
    }
    const rise = single(single(heights[layer - 1] - heights[layer]) * single(source.uniform()));
    if (single(rise + heights[layer]) < Math.exp(-0.5 * x * x)) return x;
  }
}

// Returns `count` latents of length `size`, row by row: ganzoo.random.draw_latents(count, size, seed).
function drawLatents(count, size, seed) {
  const source = new PCG64(seed);
  return Float32Array.from({ length: count * size }, () => nextNormal(source));
}

// Whether a text is a seed: a whole number from 0.
function isWhole(text) {
  return /^\d{1,60}$/.test(text.trim());
}
