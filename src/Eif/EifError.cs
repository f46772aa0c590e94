namespace Init.Eif;

/// <summary>Why an image, or something that should become part of one, was refused; carried by <see cref="EifException"/>.</summary>
public enum EifError
{
    /// <summary>The file ends before its header does.</summary>
    Truncated,

    /// <summary>The file does not begin with <c>.eif</c>.</summary>
    BadMagic,

    /// <summary>The header has another version than 4.</summary>
    UnsupportedVersion,

    /// <summary>A flag or a reserved field that must be zero is not.</summary>
    UnsupportedFlags,

    /// <summary>The header counts no section, or more than its table holds.</summary>
    TooManySections,

    /// <summary>A section has an unknown type, stands at the wrong place, twice or not at all.</summary>
    SectionOrder,

    /// <summary>Sections overlap, leave a gap, reach beyond the file, or contradict the header's table.</summary>
    SectionLayout,

    /// <summary>A section that is read into memory is larger than its limit.</summary>
    SectionTooLarge,

    /// <summary>The CRC-32 in the header is not the file's.</summary>
    ChecksumMismatch,

    /// <summary>The metadata section is not a JSON object.</summary>
    Metadata,

    /// <summary>The signature section is not what nitro-cli writes, or its certificate or signature is not good.</summary>
    Signature,

    /// <summary>A key that should sign is no P-384 key, or not the certificate's.</summary>
    SigningKey,

    /// <summary>A ramdisk is no sequence of cpio archives, plain, gzipped or packed with LZ4, or passes a limit.</summary>
    Ramdisk,

    /// <summary>What should go into an image is not fit for it.</summary>
    InvalidInput,

    /// <summary>Text that should hold measurements does not.</summary>
    Measurements,
}
