// What the enclave must not be able to do. Libraries that it needs for other reasons refer to these functions; the linker takes the ones
// here, which fail, and leaves out the C library's and OpenSSL's with all that they would bring: name resolution, TLS, HTTP, the dynamic
// linker's front, new processes. tests/Init.Tests/Binary compares what is linked with docs/system-calls.md.
//
//   who refers to it                               what it would bring
//   .NET's System.Native, for the current folder   fork, vfork, execve: it stands in one object with processes
//   .NET's System.Native, OpenSSL's DSO            dlopen and its family
//   OpenSSL's and .NET's functions for sockets     getaddrinfo, NSS, the resolver
//   .NET's System.Native, for the user's number    names of users and groups, which bring NSS and the resolver as well
//   OpenSSL's X509_load_http                       its HTTP client
//   .NET's OpenSSL shim, as it starts              OPENSSL_init_ssl: all of libssl
//   .NET's runtime, as it starts                   its layout, for debuggers
#include <errno.h>
#include <openssl/crypto.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Declared here and not by the system's headers, whose attributes (nonnull, returns_twice) are those of the real ones.
#define ABSENT(type, name, result, ...) \
  type name(__VA_ARGS__);               \
  type name(__VA_ARGS__) {              \
    errno = ENOSYS;                     \
    return result;                      \
  }

enum { EAI_FAIL = -4 };

ABSENT(pid_t, fork, -1, void)
ABSENT(pid_t, vfork, -1, void)
ABSENT(int, execve, -1, __attribute__((unused)) const char *path, __attribute__((unused)) char *const *arguments,
       __attribute__((unused)) char *const *environment)

ABSENT(void *, dlopen, NULL, __attribute__((unused)) const char *file, __attribute__((unused)) int mode)
ABSENT(void *, dlsym, NULL, __attribute__((unused)) void *handle, __attribute__((unused)) const char *name)
ABSENT(int, dlclose, -1, __attribute__((unused)) void *handle)
ABSENT(int, dladdr, 0, __attribute__((unused)) const void *address, __attribute__((unused)) void *info)
ABSENT(char *, dlerror, (char *)"nothing is linked at run time", void)

ABSENT(int, getaddrinfo, EAI_FAIL, __attribute__((unused)) const char *node, __attribute__((unused)) const char *service,
       __attribute__((unused)) const void *hints, __attribute__((unused)) void **result)
ABSENT(int, getnameinfo, EAI_FAIL, __attribute__((unused)) const void *address, __attribute__((unused)) unsigned address_bytes,
       __attribute__((unused)) char *host, __attribute__((unused)) unsigned host_bytes, __attribute__((unused)) char *service,
       __attribute__((unused)) unsigned service_bytes, __attribute__((unused)) int flags)
ABSENT(const char *, gai_strerror, "no names are resolved", __attribute__((unused)) int error)
ABSENT(void *, gethostbyname, NULL, __attribute__((unused)) const char *name)
ABSENT(void *, getservbyname, NULL, __attribute__((unused)) const char *name, __attribute__((unused)) const char *protocol)
// These say what is wrong by their result.
ABSENT(int, getpwnam_r, ENOSYS, __attribute__((unused)) const char *name, __attribute__((unused)) void *entry, __attribute__((unused)) char *buffer,
       __attribute__((unused)) size_t buffer_bytes, __attribute__((unused)) void **result)
ABSENT(int, getpwuid_r, ENOSYS, __attribute__((unused)) uid_t user, __attribute__((unused)) void *entry, __attribute__((unused)) char *buffer,
       __attribute__((unused)) size_t buffer_bytes, __attribute__((unused)) void **result)
ABSENT(int, getgrgid_r, ENOSYS, __attribute__((unused)) gid_t group, __attribute__((unused)) void *entry, __attribute__((unused)) char *buffer,
       __attribute__((unused)) size_t buffer_bytes, __attribute__((unused)) void **result)
ABSENT(int, getgrouplist, -1, __attribute__((unused)) const char *user, __attribute__((unused)) gid_t group, __attribute__((unused)) gid_t *groups,
       __attribute__((unused)) int *count)
void freeaddrinfo(void *list);
void freeaddrinfo(__attribute__((unused)) void *list) {}

// Its caller takes NULL for a failure (crypto/x509/x_all.c).
ABSENT(void *, OSSL_HTTP_get, NULL, void)

// What OpenSSL's does before it goes on to libssl, without what .NET asks for and nothing here uses: every algorithm's name, every error's text
// (both are looked up when somebody asks), a configuration file, which there is none of.
int OPENSSL_init_ssl(uint64_t options, const OPENSSL_INIT_SETTINGS *settings);
int OPENSSL_init_ssl(uint64_t options, const OPENSSL_INIT_SETTINGS *settings) {
  const uint64_t unused = OPENSSL_INIT_ADD_ALL_CIPHERS | OPENSSL_INIT_ADD_ALL_DIGESTS | OPENSSL_INIT_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_LOAD_CONFIG;
  return OPENSSL_init_crypto((options & ~unused) | OPENSSL_INIT_NO_LOAD_CONFIG, settings);
}

// The runtime describes itself to a debugger as it starts. Nobody attaches one, and each instruction that runs once costs a boot time.
void PopulateDebugHeaders(void);
void PopulateDebugHeaders(void) {}
