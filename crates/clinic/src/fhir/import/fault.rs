//! Why a valid file is not taken in, and where. Must never hold a value out of the file.

/// One fault and its place, as [`super::super::validate::Fault`] tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ImportFault {
    pub path: String,
    pub kind: ImportFaultKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum ImportFaultKind {
    #[error("a Bundle of this type is not taken in: only transaction, batch, collection, searchset, document and message are")]
    BundleType,
    #[error("a Bundle inside a Bundle is not taken in")]
    NestedBundle,
    #[error("an entry must hold the resource to take in, by POST or PUT if it says how")]
    NothingToTakeIn,
    #[error("one resource must not be larger than 16 MiB")]
    TooLarge,
    #[error("no patient of this file or this clinic is known by this reference")]
    UnknownPerson,
    #[error("more than one patient is known by this reference")]
    AmbiguousPerson,
    #[error("this does not say certainly whose it is: a reference to a Patient is needed")]
    NoPerson,
    #[error("the name beside the reference is not that of the patient it points at")]
    OtherName,
    #[error("more than one registered patient may be this one")]
    Doubles,
    #[error("another entry of this file is the same person")]
    SamePerson,
    #[error("this belongs to another patient")]
    OtherPersons,
}
