/* SPDX-License-Identifier: MIT */
/* What programs print for an error number, as the commands of the shell do: the words of the C library of Linux. */
#include "error_text.h"
#include <linux/array_size.h>
#include <linux/errno.h>

static const char *const texts[] = {
	[EPERM]		= "Operation not permitted",
	[ENOENT]	= "No such file or directory",
	[ESRCH]		= "No such process",
	[EINTR]		= "Interrupted system call",
	[EIO]		= "Input/output error",
	[ENXIO]		= "No such device or address",
	[E2BIG]		= "Argument list too long",
	[ENOEXEC]	= "Exec format error",
	[EBADF]		= "Bad file descriptor",
	[ECHILD]	= "No child processes",
	[EAGAIN]	= "Resource temporarily unavailable",
	[ENOMEM]	= "Cannot allocate memory",
	[EACCES]	= "Permission denied",
	[EFAULT]	= "Bad address",
	[ENOTBLK]	= "Block device required",
	[EBUSY]		= "Device or resource busy",
	[EEXIST]	= "File exists",
	[EXDEV]		= "Invalid cross-device link",
	[ENODEV]	= "No such device",
	[ENOTDIR]	= "Not a directory",
	[EISDIR]	= "Is a directory",
	[EINVAL]	= "Invalid argument",
	[ENFILE]	= "Too many open files in system",
	[EMFILE]	= "Too many open files",
	[ENOTTY]	= "Inappropriate ioctl for device",
	[ETXTBSY]	= "Text file busy",
	[EFBIG]		= "File too large",
	[ENOSPC]	= "No space left on device",
	[ESPIPE]	= "Illegal seek",
	[EROFS]		= "Read-only file system",
	[EMLINK]	= "Too many links",
	[EPIPE]		= "Broken pipe",
	[EDOM]		= "Numerical argument out of domain",
	[ERANGE]	= "Numerical result out of range",
	[EDEADLK]	= "Resource deadlock avoided",
	[ENAMETOOLONG]	= "File name too long",
	[ENOLCK]	= "No locks available",
	[ENOSYS]	= "Function not implemented",
	[ELOOP]		= "Too many levels of symbolic links",
	[ENODATA]	= "No data available",
	[ETIME]		= "Timer expired",
	[EPROTO]	= "Protocol error",
	[EBADMSG]	= "Bad message",
	[EOVERFLOW]	= "Value too large for defined data type",
	[EILSEQ]	= "Invalid or incomplete multibyte or wide character",
	[EMSGSIZE]	= "Message too long",
	[EOPNOTSUPP]	= "Operation not supported",
	[EADDRINUSE]	= "Address already in use",
	[ENETDOWN]	= "Network is down",
	[ETIMEDOUT]	= "Connection timed out",
	[ECONNREFUSED]	= "Connection refused",
	[EALREADY]	= "Operation already in progress",
	[EINPROGRESS]	= "Operation now in progress",
	[ESTALE]	= "Stale file handle",
	[ECANCELED]	= "Operation canceled",
	[EOWNERDEAD]	= "Owner died",
	[EKEYREJECTED]	= "Key was rejected by service",
};

const char *error_text(int err)
{
	if (err >= 0 || -err >= (int)ARRAY_SIZE(texts) || !texts[-err])
		return "Unknown error";
	return texts[-err];
}
