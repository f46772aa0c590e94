namespace Init.Attestation;

/// <summary>Compares a document's PCRs with a policy.</summary>
internal static class Measurements
{
    /// <summary>Why they are refused, or null and what they are.</summary>
    public static (string? Problem, string Passed) Compare(AttestationPolicy policy, IReadOnlyDictionary<int, PcrValue> found)
    {
        foreach ((int index, IReadOnlyList<PcrValue> allowed) in policy.Pcrs.OrderBy(pcr => pcr.Key))
        {
            if (!found.TryGetValue(index, out PcrValue? value) || !allowed.Contains(value))
            {
                return ($"{Describe(index, found)}, which is not one of the {allowed.Count} allowed", "");
            }
        }

        string checkedAlone = string.Join(", ", policy.Pcrs.Keys.Order().Select(index => $"PCR{index}"));
        if (policy.Images.Count == 0)
        {
            return (null, $"{checkedAlone} as allowed");
        }

        MeasuredImage? image = policy.Images.FirstOrDefault(image => FirstDifference(image, found) is null);
        if (image is null)
        {
            // The image named first is the one to explain with: mostly there is no other.
            MeasuredImage first = policy.Images[0];
            return ($"{Describe(FirstDifference(first, found)!.Value, found)}, not that of {first.Name.Printable()}{OfOthers(policy.Images.Count)}", "");
        }

        string indices = string.Join(", ", image.Pcrs.Keys.Order().Select(index => $"PCR{index}"));
        return (null, $"{indices} of {image.Name.Printable()}{(checkedAlone.Length > 0 ? $"; {checkedAlone} as allowed" : "")}");
    }

    private static int? FirstDifference(MeasuredImage image, IReadOnlyDictionary<int, PcrValue> found)
    {
        foreach ((int index, PcrValue expected) in image.Pcrs.OrderBy(pcr => pcr.Key))
        {
            if (!found.TryGetValue(index, out PcrValue? value) || value != expected)
            {
                return index;
            }
        }

        return null;
    }

    private static string Describe(int index, IReadOnlyDictionary<int, PcrValue> found) =>
        found.TryGetValue(index, out PcrValue? value) ? $"PCR{index} is {value}" : $"PCR{index} is not in the document";

    private static string OfOthers(int images) => images > 1 ? $", and {images - 1} other images differ too" : "";
}
