// What squares of the table have been reached.

const CELL_MM = 50;

/** How many of these points lie in each square of the table. @param {number[][]} points
 * @returns {Map<string, number>} by the square's corner, in cells */
export function cells(points) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const [x, y] of points) {
    const cell = `${Math.floor(x / CELL_MM)} ${Math.floor(y / CELL_MM)}`;
    found.set(cell, (found.get(cell) ?? 0) + 1);
  }
  return found;
}

/** Corners (mm) of a square of the table, and how many it holds.
 * @param {[string, number]} entry */
export function square([cell, count]) {
  const [column, row] = cell.split(" ").map(Number);
  const [left, near] = [column * CELL_MM, row * CELL_MM];
  const corners = [
    [left, near, 0],
    [left + CELL_MM, near, 0],
    [left + CELL_MM, near + CELL_MM, 0],
    [left, near + CELL_MM, 0],
  ];
  return { corners, count };
}
