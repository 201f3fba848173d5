// Labels as conditions: a weight for each class.

const CLASS_WORDS = {
  clerical: "clerical 隸書", "semi-cursive": "semi-cursive 行書", regular: "regular 楷書", cursive: "cursive 草書",
};

function classWords(name) {
  return CLASS_WORDS[name] ?? name;
}

// Returns one condition at t from one class to another.
function mixture(classes, from, to, t) {
  const made = new Float32Array(classes.length);
  made[from] += 1 - t;
  made[to] += t;
  return made;
}

// Returns the classes in turn, or n times the same one, as rows of one array.
function conditions(classes, n, label) {
  const made = new Float32Array(n * classes.length);
  for (let i = 0; i < n; i++) made[i * classes.length + (label ?? i % classes.length)] = 1;
  return made;
}
