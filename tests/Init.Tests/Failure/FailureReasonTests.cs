using Init.Boot;
using Init.Failure;
using Init.Linux;
using Init.Nsm;
using Init.Prover;

namespace Init.Init.Tests.Failure;

public sealed class FailureReasonTests
{
    private const string Secret = "what a request said";

    public static TheoryData<Exception, string> Quoting => new()
    {
        { new FormatException($"The input string '{Secret}' was not in a correct format."), "FormatException" },
        { new AggregateException(new LinuxException(Secret, Errno.EIO)), "AggregateException" },
        { new ProverException(ProverError.Aborted, Secret), "Aborted in the prover" },
        { new ProverException(ProverError.Refused, Secret), "Refused in the prover" },
        { new ProverException(ProverError.MalformedReply, Secret), "MalformedReply in the prover" },
    };

    public static TheoryData<Exception> Ours =>
    [
        new StageException("seed: nothing"), new LinuxException("mount /proc", Errno.EBUSY), new NsmException(NsmError.DeviceFailed, "call: nothing"),
        new ProverException(ProverError.Crs, "read CRS: nothing"),
    ];

    [Theory]
    [MemberData(nameof(Quoting))]
    public void Of_an_exception_that_may_quote_its_message_is_not_told(Exception exception, string reason) =>
        Assert.Equal(reason, FailureReason.Of(exception, imageBase: 0));

    [Theory]
    [MemberData(nameof(Ours))]
    public void The_rooms_own_exceptions_say_what_they_say(Exception exception) => Assert.Equal(exception.Message, FailureReason.Of(exception, imageBase: 0));
}
