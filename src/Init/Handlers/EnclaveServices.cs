using Init.Configuration;
using Init.Nsm;
using Init.Prover;
using Init.Proving;
using Init.Sealing;
using Init.Server;
using Init.Wire;

namespace Init.Handlers;

/// <summary>All that the handlers work with, and the handlers put together.</summary>
internal sealed record EnclaveServices
{
    /// <summary>Who answers.</summary>
    public required EnclaveIdentity Identity { get; init; }

    /// <summary>Boot's and the clock's part of health.</summary>
    public required IEnclaveHealth Health { get; init; }

    /// <summary>Makes attestation documents.</summary>
    public required INsm Nsm { get; init; }

    /// <summary>What requests are sealed to.</summary>
    public required KeyRing Keys { get; init; }

    /// <summary>Whether requests that can have secrets are refused unless they are sealed.</summary>
    public required bool RequiresSealed { get; init; }

    /// <summary>The prover, for its counters.</summary>
    public required IProver Prover { get; init; }

    /// <summary>The prover, for work.</summary>
    public required ProofQueue Proofs { get; init; }

    /// <summary>Stored circuits.</summary>
    public required CircuitStore Circuits { get; init; }

    /// <summary>What hello tells of the limits; the server's own.</summary>
    public required ServerLimits Limits { get; init; }

    /// <summary>What memory is for, for health.</summary>
    public required MemoryPlan Memory { get; init; }

    /// <summary>How long a client's shutdown lets requests go on.</summary>
    public required TimeSpan DrainWithin { get; init; }

    /// <summary>Times progress events.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>A handler for every operation.</summary>
    /// <param name="server">The server that will use them.</param>
    public RequestRouter CreateRouter(IServerControl server) => new(
        new SealedRequests(Keys, RequiresSealed),
        new HelloHandler(Identity, Limits),
        new HealthHandler(Health, Nsm, Prover, Proofs, Circuits, Memory, server),
        new AttestHandler(Nsm, Keys, Identity.ToStatement()),
        new CircuitHandler(Circuits),
        new ProveHandler(Proofs, Circuits, Time),
        new VerifyHandler(Proofs),
        new VkHandler(Proofs, Circuits),
        new CancelHandler(),
        new ShutdownHandler(Identity.ShutdownAllowed, DrainWithin, server),
        new EchoHandler());
}
