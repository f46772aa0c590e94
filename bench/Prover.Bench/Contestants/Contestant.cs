namespace Init.Prover.Bench.Contestants;

/// <summary>Who competes.</summary>
internal enum Contestant
{
    /// <summary>src/Prover in this process.</summary>
    Init,

    /// <summary>Native <c>bb msgpack run</c>, kept warm.</summary>
    BbMsgpack,

    /// <summary>Native <c>bb prove</c>, <c>write_vk</c>, <c>verify</c>: a process for each call.</summary>
    BbProcess,

    /// <summary>bb.js in node, kept warm.</summary>
    BbJs,
}
