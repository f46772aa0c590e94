using System.Globalization;
using System.Text.Json;
using Init.Attestation;
using Init.Attestation.Bench;

// usage: Init.Attestation.Bench CHECKOUT; writes bench/results/attestation.json and its section of bench/RESULTS.md there.
const int Rounds = 9;
const int DocumentsARound = 40;

string root = args.Length == 1 ? args[0] : throw new ArgumentException("usage: Init.Attestation.Bench CHECKOUT");
byte[] document = File.ReadAllBytes(Path.Combine(root, "docs/attestation/example.bin"));
AttestationRoot trusted = AttestationRoot.FromCertificate("example", File.ReadAllBytes(Path.Combine(root, "docs/attestation/example-root.pem")));
AttestationVerifier verifier = new(new AttestationPolicy { Roots = [trusted] }, new ExampleClock());
using BareSignatures bare = new();

// The two take turns. CPU time: what else the machine does hits it least.
List<double> ours = [];
List<double> floor = [];
for (int round = -1; round < Rounds; round++)
{
    double verify = CpuMsEach(() => verifier.Verify(document).RequireAccepted());
    double signatures = CpuMsEach(bare.VerifyFive);
    if (round >= 0)
    {
        ours.Add(verify);
        floor.Add(signatures);
    }
}

ours.Sort();
floor.Sort();
double median = ours[Rounds / 2];
double bareMedian = floor[Rounds / 2];
Dictionary<string, object> result = new()
{
    ["date"] = DateTimeOffset.UtcNow,
    ["cpu"] = HostReading.CpuInfo("model name"),
    ["dotnet"] = Environment.Version.ToString(),
    ["loadAverage"] = File.ReadAllText("/proc/loadavg").Split(' ')[0],
    ["rounds"] = Rounds,
    ["documentsARound"] = DocumentsARound,
    ["documentBytes"] = document.Length,
    ["verifyCpuMs"] = ours,
    ["fiveSignaturesCpuMs"] = floor,
    ["documentsPerCpuSecond"] = 1000 / median,
    ["ratioToFiveSignatures"] = median / bareMedian,
};
string json = JsonSerializer.Serialize(result, Reporting.Indented);
File.WriteAllText(Path.Combine(root, "bench/results/attestation.json"), json + "\n");
Reporting.Replace(Path.Combine(root, "bench/RESULTS.md"), string.Create(CultureInfo.InvariantCulture, $"""
    ## Verifying attestation documents

    Made by `bench/Attestation.Bench` on {result["date"]:yyyy-MM-dd HH:mm} UTC on "{result["cpu"]}", .NET {result["dotnet"]}, load average {result["loadAverage"]}.
    The document is docs/attestation/example.bin: five certificates, {document.Length} bytes. What it is compared with, in turns, is five bare
    ECDSA P-384 verifications of .NET (four certificates and the document), which no verifier can do without. CPU time, medians with (least
    to greatest) of {Rounds} rounds of {DocumentsARound}.

    | what | CPU time in ms |
    |---|--:|
    | a document, all steps | {median:F2} ({ours[0]:F2} to {ours[^1]:F2}) |
    | five bare signatures | {bareMedian:F2} ({floor[0]:F2} to {floor[^1]:F2}) |

    {1000 / median:F0} documents a second and CPU; the ratio is **{median / bareMedian:F2}**.
    """));
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{1000 / median:F0} documents a second and CPU, {median / bareMedian:F2} of five bare signatures"));

static double CpuMsEach(Action action)
{
    TimeSpan before = Environment.CpuUsage.TotalTime;
    for (int i = 0; i < DocumentsARound; i++)
    {
        action();
    }

    return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / DocumentsARound;
}
