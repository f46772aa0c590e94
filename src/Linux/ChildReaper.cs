using Init.Linux.Headers;

namespace Init.Linux;

/// <summary>Takes the exit status of dead children, so that no zombie stays: waitpid(2).</summary>
public static class ChildReaper
{
    /// <summary>Reaps every child that has ended, orphans given to PID 1 included. Never blocks: call it when SIGCHLD came.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="LinuxException">A bug.</exception>
    public static unsafe int ReapAll()
    {
        int reaped = 0;
        while (true)
        {
            // Sound: no status is asked for.
            int outcome = sys_wait_h.waitpid(-1, null, sys_wait_h.WNOHANG);
            if (outcome > 0)
            {
                reaped++;
            }
            else if (outcome == 0 || LinuxException.LastErrno() == Errno.ECHILD)
            {
                return reaped;
            }
            else if (LinuxException.LastErrno() != Errno.EINTR)
            {
                throw LinuxException.FromLastError("reap children");
            }
        }
    }
}
