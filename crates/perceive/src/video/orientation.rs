//! How a decoded picture is turned before it is shown.

/// One of the eight ways to lay a rectangle on its grid: first transposed (or not), then mirrored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Orientation {
    /// Rows become columns.
    pub transposed: bool,
    /// Left and right change places, after transposing.
    pub mirrored_x: bool,
    /// Top and bottom change places, after transposing.
    pub mirrored_y: bool,
}

impl Orientation {
    /// As decoded.
    pub const UPRIGHT: Orientation = Orientation { transposed: false, mirrored_x: false, mirrored_y: false };

    /// The orientation nearest to a display matrix, and whether it is exact.
    ///
    /// The matrix is that of ISO/IEC 14496-12 (`tkhd`), row by row: `x' = m0·x + m3·y`, `y' = m1·x + m4·y`, y down.
    /// A matrix that keeps no direction (all zero) gives [`Orientation::UPRIGHT`].
    pub fn from_display_matrix(m: &[i32; 9]) -> (Orientation, bool) {
        let [a, b, c, d] = [m[0], m[1], m[3], m[4]].map(i64::from);
        let transposed = b.abs() + c.abs() > a.abs() + d.abs();
        let (x, y, rest) = if transposed { (c, b, (a, d)) } else { (a, d, (b, c)) };
        let orientation = Orientation { transposed, mirrored_x: x < 0, mirrored_y: y < 0 };
        (orientation, rest == (0, 0) && x != 0 && y != 0)
    }

    /// The display matrix that says this; see [`Orientation::from_display_matrix`].
    pub fn to_display_matrix(self) -> [i32; 9] {
        let sign = |mirrored: bool| if mirrored { -(1 << 16) } else { 1 << 16 };
        let (x, y) = (sign(self.mirrored_x), sign(self.mirrored_y));
        let (a, b, c, d) = if self.transposed { (0, y, x, 0) } else { (x, 0, 0, y) };
        [a, b, 0, c, d, 0, 0, 0, 1 << 30]
    }

    /// Clockwise turn in degrees and whether the picture is mirrored (left and right, before the turn).
    pub fn as_turn(self) -> (u32, bool) {
        match (self.transposed, self.mirrored_x, self.mirrored_y) {
            (false, false, false) => (0, false),
            (true, true, false) => (90, false),
            (false, true, true) => (180, false),
            (true, false, true) => (270, false),
            (false, true, false) => (0, true),
            (true, true, true) => (90, true),
            (false, false, true) => (180, true),
            (true, false, false) => (270, true),
        }
    }

    /// Width and height after turning.
    pub fn size(self, (width, height): (u32, u32)) -> (u32, u32) {
        if self.transposed { (height, width) } else { (width, height) }
    }

    /// Turns a picture. `rows` gives row `y` before turning: `width` pixels of `N` bytes; the result is tightly packed.
    pub(super) fn apply<'a, const N: usize>(
        self,
        (width, height): (usize, usize),
        rows: impl Fn(usize) -> &'a [u8],
    ) -> Vec<u8> {
        let (out_width, out_height) = if self.transposed { (height, width) } else { (width, height) };
        if !self.transposed && !self.mirrored_x {
            let mut out = Vec::with_capacity(width * height * N);
            for y in 0..height {
                out.extend_from_slice(&rows(if self.mirrored_y { height - 1 - y } else { y })[..width * N]);
            }
            return out;
        }
        let mut out = vec![0; width * height * N];
        for y in 0..height {
            let row = &rows(y)[..width * N];
            for (x, pixel) in row.chunks_exact(N).enumerate() {
                let (across, down) = if self.transposed { (y, x) } else { (x, y) };
                let across = if self.mirrored_x { out_width - 1 - across } else { across };
                let down = if self.mirrored_y { out_height - 1 - down } else { down };
                let at = (down * out_width + across) * N;
                out[at..at + N].copy_from_slice(pixel);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: i32 = 1 << 16;

    fn turn(m: [i32; 4]) -> ((u32, bool), bool) {
        let (orientation, exact) =
            Orientation::from_display_matrix(&[m[0], m[1], 0, m[2], m[3], 0, 0, 0, 1 << 30]);
        (orientation.as_turn(), exact)
    }

    #[test]
    fn a_phone_held_upright_is_turned_clockwise() {
        assert_eq!(turn([ONE, 0, 0, ONE]), ((0, false), true));
        assert_eq!(turn([0, ONE, -ONE, 0]), ((90, false), true));
        assert_eq!(turn([-ONE, 0, 0, -ONE]), ((180, false), true));
        assert_eq!(turn([0, -ONE, ONE, 0]), ((270, false), true));
    }

    #[test]
    fn every_orientation_is_its_matrix() {
        for bits in 0..8 {
            let [transposed, mirrored_x, mirrored_y] = [0, 1, 2].map(|bit| bits >> bit & 1 == 1);
            let orientation = Orientation { transposed, mirrored_x, mirrored_y };
            let matrix = orientation.to_display_matrix();
            assert_eq!(Orientation::from_display_matrix(&matrix), (orientation, true));
        }
    }

    #[test]
    fn a_skew_matrix_is_not_exact() {
        assert_eq!(turn([ONE, 1000, -1000, ONE]), ((0, false), false));
        assert_eq!(turn([0, 0, 0, 0]), ((0, false), false));
    }

    #[test]
    fn a_quarter_turn_moves_the_first_pixel_to_the_right_edge() {
        // 1 2 3        4 1
        // 4 5 6   →    5 2
        //              6 3
        let picture = [1u8, 2, 3, 4, 5, 6];
        let quarter = Orientation { transposed: true, mirrored_x: true, mirrored_y: false };
        let turned = quarter.apply::<1>((3, 2), |y| &picture[y * 3..]);
        assert_eq!(turned, [4, 1, 5, 2, 6, 3]);
    }

    #[test]
    fn four_quarter_turns_are_none() {
        let picture: Vec<u8> = (0..12 * 3).collect();
        let quarter = Orientation { transposed: true, mirrored_x: true, mirrored_y: false };
        let (mut size, mut turned) = ((4u32, 3u32), picture.clone());
        for _ in 0..4 {
            let width = size.0 as usize * 3;
            turned = quarter.apply::<3>((size.0 as usize, size.1 as usize), |y| &turned[y * width..]);
            size = quarter.size(size);
        }
        assert_eq!(turned, picture);
    }
}
