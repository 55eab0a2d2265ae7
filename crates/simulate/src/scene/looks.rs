//! Colours and materials by name.

/// A colour that has a name which people agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Colour {
    Red,
    Orange,
    Yellow,
    Green,
    Cyan,
    Blue,
    Purple,
    Pink,
    Brown,
    Beige,
    White,
    Gray,
    Black,
}

impl Colour {
    /// All of them.
    pub const ALL: [Colour; 13] = [
        Colour::Red,
        Colour::Orange,
        Colour::Yellow,
        Colour::Green,
        Colour::Cyan,
        Colour::Blue,
        Colour::Purple,
        Colour::Pink,
        Colour::Brown,
        Colour::Beige,
        Colour::White,
        Colour::Gray,
        Colour::Black,
    ];

    /// Those that nobody takes for another one.
    pub const DISTINCT: [Colour; 8] = [
        Colour::Red,
        Colour::Yellow,
        Colour::Green,
        Colour::Cyan,
        Colour::Blue,
        Colour::Purple,
        Colour::Brown,
        Colour::Gray,
    ];

    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Colour::Red => "red",
            Colour::Orange => "orange",
            Colour::Yellow => "yellow",
            Colour::Green => "green",
            Colour::Cyan => "cyan",
            Colour::Blue => "blue",
            Colour::Purple => "purple",
            Colour::Pink => "pink",
            Colour::Brown => "brown",
            Colour::Beige => "beige",
            Colour::White => "white",
            Colour::Gray => "gray",
            Colour::Black => "black",
        }
    }

    /// sRGB.
    pub fn rgb(self) -> [u8; 3] {
        match self {
            Colour::Red => [186, 38, 38],
            Colour::Orange => [226, 120, 40],
            Colour::Yellow => [236, 196, 52],
            Colour::Green => [56, 128, 66],
            Colour::Cyan => [58, 186, 190],
            Colour::Blue => [44, 82, 168],
            Colour::Purple => [122, 56, 158],
            Colour::Pink => [232, 140, 168],
            Colour::Brown => [128, 82, 46],
            Colour::Beige => [214, 192, 156],
            Colour::White => [236, 234, 228],
            Colour::Gray => [126, 128, 132],
            Colour::Black => [38, 38, 42],
        }
    }
}

/// What a part is made of: how it is drawn, and a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Material {
    Plastic,
    Wood,
    Metal,
    Rubber,
    Fabric,
    Carpet,
    Glass,
    Ceramic,
    Paper,
    Leather,
    Leaves,
    Skin,
    Plaster,
    Tiles,
    Planks,
    Brick,
    Roof,
    Asphalt,
    Paving,
    Grass,
    /// Shines by itself.
    Glow,
    /// A painting.
    Painting,
    /// Spines of books.
    Books,
    /// A street front with windows.
    Facade,
}

impl Material {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Material::Plastic => "plastic",
            Material::Wood => "wood",
            Material::Metal => "metal",
            Material::Rubber => "rubber",
            Material::Fabric => "fabric",
            Material::Carpet => "carpet",
            Material::Glass => "glass",
            Material::Ceramic => "ceramic",
            Material::Paper | Material::Books => "paper",
            Material::Leather => "leather",
            Material::Leaves => "leaves",
            Material::Skin => "skin",
            Material::Plaster | Material::Facade => "plaster",
            Material::Tiles => "tiles",
            Material::Planks => "planks",
            Material::Brick => "brick",
            Material::Roof => "roof tiles",
            Material::Asphalt => "asphalt",
            Material::Paving => "paving",
            Material::Grass => "grass",
            Material::Glow => "light",
            Material::Painting => "canvas",
        }
    }
}
