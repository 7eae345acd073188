/* SPDX-License-Identifier: MIT */
/* module_init.h - the parameters for the initialisation of a PKCS#11 module. */
#ifndef MODEL_MODULE_INIT_H
#define MODEL_MODULE_INIT_H

struct module_init {
	char name[65];               /* file name without "lib" and ".so" (RFC 7512, 2.3) */
	char text[512];              /* passed unchanged: NSS needs "configdir='sql:/home/me/nssdb' ..." */
};

#endif
