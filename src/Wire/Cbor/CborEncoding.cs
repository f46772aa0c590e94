namespace Init.Wire;

/// <summary>Writes a document; called once to measure and once to write, so it must write the same both times.</summary>
public delegate void CborEncoding(ref CborWriter writer);
