/** Smooth noise in -1..1 on a lattice of `cellX` x `cellY` units, covering `unitsX` x `unitsY`. */
export function valueNoise(random, unitsX, unitsY, cellX, cellY) {
  const columns = Math.ceil(unitsX / cellX) + 2;
  const rows = Math.ceil(unitsY / cellY) + 2;
  const lattice = Float32Array.from({ length: columns * rows }, () => random.between(-1, 1));
  return (x, y) => {
    const gx = x / cellX;
    const gy = y / cellY;
    const column = Math.floor(gx);
    const row = Math.floor(gy);
    const fx = gx - column;
    const fy = gy - row;
    const at = row * columns + column;
    const upper = lattice[at] + (lattice[at + 1] - lattice[at]) * fx;
    const lower = lattice[at + columns] + (lattice[at + columns + 1] - lattice[at + columns]) * fx;
    return upper + (lower - upper) * fy;
  };
}
