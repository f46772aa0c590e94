namespace Init.Attestation.Tests;

/// <summary>What must come out.</summary>
internal static class Expect
{
    /// <summary>Requires that exactly these steps failed, the first with this reason and this text.</summary>
    public static void Refused(AttestationReport report, AttestationError error, string text, params AttestationStep[] steps)
    {
        Assert.False(report.IsAccepted);
        Assert.Equal(AttestationTrust.None, report.Trust);
        Assert.Equal(steps, report.Steps.Where(step => step.Outcome == AttestationOutcome.Failed).Select(step => step.Step));
        AttestationStepResult first = report.Refusal!;
        Assert.Equal(error, first.Error);
        Assert.Contains(text, first.Detail, StringComparison.Ordinal);
        AttestationException exception = Assert.Throws<AttestationException>(report.RequireAccepted);
        Assert.Equal(error, exception.Error);
        Assert.Contains(text, exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Requires acceptance, and says why not otherwise.</summary>
    public static void Accepted(AttestationReport report, AttestationTrust trust)
    {
        Assert.True(report.IsAccepted, report.ToText());
        Assert.Equal(trust, report.Trust);
        Assert.Same(report.Claims, report.RequireAccepted());
    }

    /// <summary>Requires the room's exception with this reason and this text in its message.</summary>
    public static void Throws(AttestationError error, string text, Action action)
    {
        AttestationException exception = Assert.Throws<AttestationException>(action);
        Assert.Equal(error, exception.Error);
        Assert.Contains(text, exception.Message, StringComparison.Ordinal);
    }
}
