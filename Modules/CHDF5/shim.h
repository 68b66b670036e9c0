#pragma once

// Functions as in HDF5 1.10, whichever later version is installed.
#define H5_USE_110_API

#if __has_include(<hdf5.h>)
#include <hdf5.h>
#else
#error "hdf5.h not found: install HDF5 (Debian and Ubuntu: sudo apt-get install libhdf5-dev)"
#endif

#include <string.h>
// A dependency of HDF5's own package.
#include <zlib.h>

// What the library's header writes as macros, which Swift does not see.

static inline unsigned chdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned chdf5_truncate(void) { return H5F_ACC_TRUNC; }
static inline hid_t chdf5_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_dataset_creation(void) { return H5P_DATASET_CREATE; }
static inline hid_t chdf5_attribute_creation(void) { return H5P_ATTRIBUTE_CREATE; }

static inline hid_t chdf5_ieee_f32le(void) { return H5T_IEEE_F32LE; }
static inline hid_t chdf5_ieee_f64le(void) { return H5T_IEEE_F64LE; }
static inline hid_t chdf5_c_string(void) { return H5T_C_S1; }
static inline hid_t chdf5_integer(size_t bytes, bool is_signed) {
  switch (bytes) {
    case 1: return is_signed ? H5T_STD_I8LE : H5T_STD_U8LE;
    case 2: return is_signed ? H5T_STD_I16LE : H5T_STD_U16LE;
    case 4: return is_signed ? H5T_STD_I32LE : H5T_STD_U32LE;
    default: return is_signed ? H5T_STD_I64LE : H5T_STD_U64LE;
  }
}

static inline size_t chdf5_variable(void) { return H5T_VARIABLE; }
static inline haddr_t chdf5_undefined(void) { return HADDR_UNDEF; }

static inline herr_t chdf5_object_info(hid_t object, H5O_info_t *info) {
  return H5Oget_info2(object, info, H5O_INFO_BASIC);
}

// The number of a filter, below 0 where there is none, and the first of its parameters.
static inline int chdf5_filter(hid_t list, unsigned index, unsigned *parameter) {
  unsigned flags = 0, configuration = 0;
  size_t count = 1;
  *parameter = 0;
  return H5Pget_filter2(list, index, &flags, &count, parameter, 0, NULL, &configuration);
}

static inline herr_t chdf5_links(hid_t group, H5L_iterate_t visit, void *context) {
  return H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, NULL, visit, context);
}

static inline herr_t chdf5_attributes(hid_t object, H5A_operator2_t visit, void *context) {
  return H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, NULL, visit, context);
}

// A file image that the library reads where it is: the callbacks hand out the one buffer and copy nothing.

static inline void *chdf5_image_malloc(size_t size, H5FD_file_image_op_t operation, void *image) {
  (void)size, (void)operation;
  return image;
}
static inline void *chdf5_image_memcpy(
    void *to, const void *from, size_t size, H5FD_file_image_op_t operation, void *image) {
  (void)operation, (void)image;
  return to == from ? to : memcpy(to, from, size);
}
static inline void *chdf5_image_realloc(void *old, size_t size, H5FD_file_image_op_t operation, void *image) {
  (void)old, (void)size, (void)operation, (void)image;
  return NULL;
}
static inline herr_t chdf5_image_free(void *old, H5FD_file_image_op_t operation, void *image) {
  (void)old, (void)operation, (void)image;
  return 0;
}
static inline void *chdf5_image_keep(void *image) { return image; }
static inline herr_t chdf5_image_drop(void *image) {
  (void)image;
  return 0;
}

// Lets a file access list read from memory that outlives every file opened with it, and that is never written to.
static inline herr_t chdf5_set_image(hid_t list, void *image, size_t size) {
  H5FD_file_image_callbacks_t callbacks = {
      chdf5_image_malloc, chdf5_image_memcpy, chdf5_image_realloc, chdf5_image_free,
      chdf5_image_keep,   chdf5_image_drop,   image};
  if (H5Pset_fapl_core(list, 1 << 16, 0) < 0) return -1;
  if (H5Pset_file_image_callbacks(list, &callbacks) < 0) return -1;
  return H5Pset_file_image(list, image, size);
}
