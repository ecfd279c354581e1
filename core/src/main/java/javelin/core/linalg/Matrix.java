package javelin.core.linalg;

/**
 * A matrix to work in: element (i, j) is {@code a[from + i * down + j * right]}. Transposes and blocks are views of the
 * same numbers; a vector is a matrix with one column.
 */
public record Matrix(double[] a, int from, int rows, int columns, int down, int right) {
    /** All zero, row-major. */
    public static Matrix zeros(int rows, int columns) {
        return new Matrix(new double[rows * columns], 0, rows, columns, columns, 1);
    }

    public static Matrix identity(int n) {
        Matrix x = zeros(n, n);
        for (int i = 0; i < n; i++) x.set(i, i, 1);
        return x;
    }

    public double at(int i, int j) { return a[from + i * down + j * right]; }

    /** Element {@code i} of a vector. */
    public double at(int i) { return a[from + i * down]; }

    public void set(int i, int j, double x) { a[from + i * down + j * right] = x; }

    public void set(int i, double x) { a[from + i * down] = x; }

    public Matrix transposed() { return new Matrix(a, from, columns, rows, right, down); }

    public Matrix block(int row, int column, int rows, int columns) {
        return new Matrix(a, from + row * down + column * right, rows, columns, down, right);
    }

    /** From (row, column) to the end. */
    public Matrix from(int row, int column) { return block(row, column, rows - row, columns - column); }

    /** Takes over the numbers of {@code that}, of the same size. */
    public void copy(Matrix that) {
        for (int i = 0; i < rows; i++) for (int j = 0; j < columns; j++) set(i, j, that.at(i, j));
    }

    public void fill(double x) {
        for (int i = 0; i < rows; i++) for (int j = 0; j < columns; j++) set(i, j, x);
    }

    /** Row-major numbers of its own. */
    public Matrix fresh() {
        Matrix x = zeros(rows, columns);
        x.copy(this);
        return x;
    }

    public boolean isFinite() {
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) if (!(Math.abs(at(i, j)) <= Double.MAX_VALUE)) return false;
        return true;
    }

    /** Row i becomes {@code row i + factor * row k}. */
    void addRow(int i, double factor, int k) {
        int to = from + i * down, of = from + k * down;
        for (int j = 0, n = columns * right; j < n; j += right) a[to + j] += factor * a[of + j];
    }

    public void swapRows(int i, int k) {
        for (int j = 0; j < columns; j++) {
            double x = at(i, j);
            set(i, j, at(k, j));
            set(k, j, x);
        }
    }

    /** Rows i and i + 1 become {@code c x + s y} and {@code c y - s x}. */
    void rotateRows(int i, double c, double s) {
        if (c == 1 && s == 0) return;
        for (int j = 0; j < columns; j++) {
            double x = at(i, j), y = at(i + 1, j);
            set(i, j, c * x + s * y);
            set(i + 1, j, c * y - s * x);
        }
    }
}
