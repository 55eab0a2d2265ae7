//! Identities of rows: numbers local to one bundle, assigned in input order.

use std::fmt;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub struct $name(pub u64);

        impl $name {
            /// The word that names this kind in `BUNDLE/KIND/N`.
            pub const KIND: &'static str = $kind;
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}/{}", $kind, self.0)
            }
        }
    )*};
}

ids! {
    /// A row of `sources`.
    SourceId "source";
    /// A row of `observers`.
    ObserverId "observer";
    /// A row of `reference_frames`.
    ReferenceFrameId "reference_frame";
    /// A row of `samples`.
    SampleId "sample";
    /// A row of `tracks`.
    TrackId "track";
    /// A hypothesis that several tracks are one thing; named by rows of `identities`.
    EntityId "entity";
    /// A row of `identities`.
    IdentityId "identity";
    /// A row of `labels`.
    LabelId "label";
    /// A row of `coverage`.
    CoverageId "coverage";
    /// A row of `transforms`.
    TransformId "transform";
    /// A row of `events`.
    EventId "event";
    /// A row of `facts`.
    FactId "fact";
}
