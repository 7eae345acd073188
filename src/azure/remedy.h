/* SPDX-License-Identifier: MIT */
/* remedy.h - remedy texts that several tables use; `p11ca explain` describes how to download a package. */
#ifndef AZURE_REMEDY_H
#define AZURE_REMEDY_H

#define DOWNLOAD "download the package again"

#endif
