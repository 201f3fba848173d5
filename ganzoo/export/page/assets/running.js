// Networks, run by onnxruntime-web on one core; all of them share it, and take turns.

let runtimeStarted = null;

function runtime() {
  runtimeStarted ??= startRuntime();
  return runtimeStarted;
}

async function startRuntime() {
  const get = (file) => (typeof file === "number" ? unpacked(file) : file.url ? fetched(file) : shared(file));
  const [code, binary] = await Promise.all(CONTENT.runtime.map(get));
  const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const ort = await import(address);
  URL.revokeObjectURL(address);
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = binary;
  ort.env.logLevel = "error";
  return ort;
}

let turn = Promise.resolve();

class Network {
  constructor(facts) {
    this.facts = facts;
    this.session = null;
  }

  async open() {
    const ort = await runtime();
    const bytes = await unpacked(this.facts.part);
    return ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
  }

  // Returns the first output, {data, dims}, of float32 inputs {name: [data, dims]}.
  async run(inputs) {
    this.session ??= this.open();
    const [ort, session] = [await runtime(), await this.session];
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, [data, dims]]) => [name, new ort.Tensor("float32", data, dims)]),
    );
    const mine = turn.then(() => session.run(feeds)); // a session takes one call at a time
    turn = mine.catch(() => {});
    const made = (await mine)[session.outputNames[0]];
    const result = { data: made.data, dims: made.dims.map(Number) };
    Object.values(feeds).forEach((tensor) => tensor.dispose?.());
    return result;
  }
}

// By task, what makes the panel of a model: (panel, model) => a promise of the first picture.
const CONTROLS = {};
