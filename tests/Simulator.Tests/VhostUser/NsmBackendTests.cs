using System.Diagnostics;
using System.Text;
using Init.Simulator.SoftwareNsm;
using Init.Simulator.VhostUser.Nsm;

namespace Init.Simulator.Tests.VhostUser;

/// <summary>The software NSM as a virtio device: calls, and guests that get it wrong.</summary>
public sealed class NsmBackendTests : IDisposable
{
    private const string DescribeNsm = "6B44657363726962654E534D"; // text(11), "DescribeNSM"
    private const string GetRandom = "6947657452616E646F6D"; // text(9), "GetRandom"

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("init-");
    private readonly NsmBackend _backend;
    private NsmGuest _guest;

    public NsmBackendTests()
    {
        _backend = NsmBackend.Start(Socket, new SoftwareNsmDevice(new SoftwareNsmOptions { IsUnsigned = true }, TimeProvider.System));
        _guest = new NsmGuest(Socket);
    }

    private string Socket => Path.Combine(_folder.FullName, "nsm");

    public void Dispose()
    {
        _guest.Dispose();
        _backend.Dispose();
        Assert.False(File.Exists(Socket));
        _folder.Delete();
    }

    [Fact]
    public void One_queue_and_no_configuration_are_told() => Assert.Equal(1UL, _guest.FrontEnd.Ask(17));

    [Fact]
    public void Calls_are_answered_one_after_another()
    {
        for (int call = 0; call < 300; call++)
        {
            Assert.Contains("SHA384", Text(_guest.Call(Hex(DescribeNsm))), StringComparison.Ordinal);
            Assert.Equal(256, _guest.Call(Hex(GetRandom))[^256..].Length);
        }

        Assert.Equal(600, _backend.Calls);
    }

    [Fact]
    public void Calls_that_were_queued_together_are_all_answered()
    {
        const int Calls = 50;
        Hex(DescribeNsm).CopyTo(_guest.Memory.Span(NsmGuest.RequestAt, 12));
        for (ushort call = 0; call < Calls; call++)
        {
            _guest.Queue.WriteDescriptor(2 * call, Guest.Address(NsmGuest.RequestAt), 12, 0, 0);
            _guest.Queue.WriteDescriptor((2 * call) + 1, Guest.Address(NsmGuest.ResponseAt), NsmGuest.ResponseBytes, GuestQueue.Write, 0);
            _guest.Queue.Offer((ushort)(2 * call));
            _guest.Queue.Offer((ushort)((2 * call) + 1));
        }

        _guest.Kick();
        for (uint given = 0; given < 2 * Calls; given++)
        {
            uint head = 0, written = 0;
            Assert.True(SpinWait.SpinUntil(() => _guest.Queue.TryTakeUsed(out head, out written), Patience));
            Assert.Equal((given, given % 2 == 1), (head, written > 0));
        }
    }

    [Fact]
    public void A_request_whose_room_comes_later_waits_for_it()
    {
        _guest.OfferRequest(Hex(DescribeNsm));
        _guest.Kick();
        _guest.ReceiveNothing();
        _guest.OfferRoom(NsmGuest.ResponseBytes);
        _guest.Kick();
        Assert.Contains("module_id", Text(_guest.Reply()), StringComparison.Ordinal);
        Assert.Equal(1, _backend.Calls);
    }

    [Fact]
    public void A_request_and_a_response_in_pieces_are_put_together()
    {
        byte[] request = Hex(DescribeNsm);
        request.CopyTo(_guest.Memory.Span(NsmGuest.RequestAt, request.Length));
        _guest.Queue.WriteDescriptor(0, Guest.Address(NsmGuest.RequestAt), 5, GuestQueue.Next, 2);
        _guest.Queue.WriteDescriptor(2, Guest.Address(NsmGuest.RequestAt + 5), (uint)request.Length - 5, 0, 0);
        _guest.Queue.Offer(0);
        _guest.Memory.Span(NsmGuest.ResponseAt, NsmGuest.ResponseBytes).Fill(0xEE);
        _guest.Queue.WriteDescriptor(1, Guest.Address(NsmGuest.ResponseAt), 7, GuestQueue.Next | GuestQueue.Write, 3);
        _guest.Queue.WriteDescriptor(3, Guest.Address(NsmGuest.ResponseAt + 7), 1000, GuestQueue.Write, 0);
        _guest.Queue.Offer(1);
        _guest.Kick();
        Assert.Contains("module_id", Text(_guest.Reply()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reply_that_does_not_fit_becomes_an_error_and_where_that_does_not_fit_nothing()
    {
        Assert.Equal(Error("BufferTooSmall"), _guest.Call(Hex(GetRandom), roomBytes: 64));
        Assert.Empty(_guest.Call(Hex(GetRandom), roomBytes: 4));
    }

    [Theory]
    [InlineData(0x1000, "InvalidOperation")]
    [InlineData(0x1001, "InputTooLarge")]
    [InlineData(1 << 19, "InputTooLarge")]
    [InlineData(0, "InvalidOperation")]
    public void A_request_that_is_none_is_answered_by_an_error(int bytes, string error) => Assert.Equal(Error(error), _guest.Call(new byte[bytes]));

    [Fact]
    public void Noise_is_answered_by_an_error_and_never_the_end()
    {
        Random random = new(1);
        byte[] valid = Hex(DescribeNsm);
        for (int i = 0; i < 500; i++)
        {
            byte[] noise = new byte[random.Next(64)];
            random.NextBytes(noise);
            Assert.NotEmpty(_guest.Call([.. valid.AsSpan(0, random.Next(valid.Length)), .. noise]));
        }

        Assert.NotEmpty(_guest.Call(valid));
    }

    public static TheoryData<string, Action<object>> Nonsense => new()
    {
        { "room before the request", guest => ((NsmGuest)guest).OfferRoom(NsmGuest.ResponseBytes) },
        { "two requests", guest => Offer((NsmGuest)guest, (0, NsmGuest.RequestAt, 12, 0), (1, NsmGuest.RequestAt, 12, 0)) },
        { "a request outside of memory", guest => Offer((NsmGuest)guest, (0, Guest.MemoryBytes - 4, 12, 0)) },
        { "room outside of memory", guest => Offer((NsmGuest)guest, (0, NsmGuest.RequestAt, 12, 0), (1, Guest.MemoryBytes - 4, 12, GuestQueue.Write)) },
        { "a loop", guest => Offer((NsmGuest)guest, (0, NsmGuest.RequestAt, 12, GuestQueue.Next)) },
        { "one buffer of both directions", guest => Offer((NsmGuest)guest, (1, NsmGuest.ResponseAt, 12, GuestQueue.Write), (0, NsmGuest.RequestAt, 12, 0)) },
        { "an index that jumps", guest => ((NsmGuest)guest).Queue.AvailableIndex = 1000 },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Nonsense_breaks_the_device_until_the_driver_starts_it_anew(string what, Action<object> write)
    {
        Assert.NotEmpty(what);
        write(_guest);
        _guest.Kick();
        Assert.True(SpinWait.SpinUntil(() => _backend.BrokenRings == 1, Patience));
        _guest.Kick();
        _guest.ReceiveNothing();
        _guest.Restart();
        Assert.NotEmpty(_guest.Call(Hex(DescribeNsm)));
    }

    [Fact]
    public void Silence_holds_up_neither_QEMU_nor_later_calls_once_it_ends()
    {
        _backend.Faults = new SoftwareNsmFaults { MuteAfter = 0 };
        _guest.OfferRequest(Hex(DescribeNsm));
        _guest.OfferRoom(NsmGuest.ResponseBytes);
        _guest.Kick();
        Assert.True(SpinWait.SpinUntil(() => _backend.Calls == 1, Patience));
        _guest.ReceiveNothing();
        _backend.Faults = SoftwareNsmFaults.None;
        Assert.NotEmpty(_guest.Call(Hex(DescribeNsm)));
    }

    [Fact]
    public void An_error_is_answered_until_the_fault_is_gone()
    {
        _backend.Faults = new SoftwareNsmFaults { ErrorName = "InternalError" };
        Assert.Equal(Error("InternalError"), _guest.Call(Hex(GetRandom)));
        _backend.Faults = SoftwareNsmFaults.None;
        Assert.NotEqual(Error("InternalError"), _guest.Call(Hex(GetRandom)));
    }

    [Fact]
    public void Its_end_does_not_wait_for_a_delay()
    {
        _backend.Faults = new SoftwareNsmFaults { Delay = TimeSpan.FromMinutes(10) };
        _guest.OfferRequest(Hex(DescribeNsm));
        _guest.OfferRoom(NsmGuest.ResponseBytes);
        _guest.Kick();
        Assert.True(SpinWait.SpinUntil(() => _backend.Calls == 1, Patience));
        long start = Stopwatch.GetTimestamp();
        _backend.Dispose();
        Assert.True(Stopwatch.GetElapsedTime(start) < Patience);
    }

    [Fact]
    public void The_next_QEMU_finds_the_same_module()
    {
        byte[] extend = Hex("A169457874656E64504352A265696E646578106464617461" + "4101"); // {"ExtendPCR": {"index": 16, "data": h'01'}}
        byte[] first = _guest.Call(extend);
        _guest.Dispose();
        _guest = new NsmGuest(Socket);
        byte[] second = _guest.Call(extend);
        Assert.Equal(first.Length, second.Length);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void A_second_QEMU_at_once_is_turned_away()
    {
        using FrontEnd second = new(Socket);
        Assert.True(second.IsHungUp());
        Assert.NotEmpty(_guest.Call(Hex(DescribeNsm)));
    }

    [Fact]
    public void A_socket_in_use_is_refused()
    {
        SoftwareNsmDevice module = new(new SoftwareNsmOptions { IsUnsigned = true }, TimeProvider.System);
        SimulatorException failure = Assert.Throws<SimulatorException>(() => NsmBackend.Start(Socket, module));
        Assert.Equal(SimulatorError.SocketInUse, failure.Error);
    }

    private static void Offer(NsmGuest guest, params (ushort Slot, long At, uint Bytes, int Flags)[] buffers)
    {
        foreach ((ushort slot, long at, uint bytes, int flags) in buffers)
        {
            guest.Queue.WriteDescriptor(slot, Guest.Address(at), bytes, (ushort)flags, slot);
            guest.Queue.Offer(slot);
        }
    }

    private static byte[] Error(string name) => [0xA1, 0x65, .. "Error"u8, (byte)(0x60 + name.Length), .. Encoding.ASCII.GetBytes(name)];

    private static byte[] Hex(string digits) => Convert.FromHexString(digits);

    private static string Text(byte[] reply) => Encoding.Latin1.GetString(reply);
}
