/* SPDX-License-Identifier: MIT */
/* module_init.h - what a PKCS#11 module wants to be told when it is initialised. */
#ifndef MODEL_MODULE_INIT_H
#define MODEL_MODULE_INIT_H

struct module_init {
	char name[65];               /* of its file, without "lib" before it and ".so" behind it (RFC 7512, 2.3) */
	char text[512];              /* handed over as it is: NSS wants "configdir='sql:/home/me/nssdb' ..." */
};

#endif
